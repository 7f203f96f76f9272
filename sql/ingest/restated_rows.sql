-- grain: one row per row that a file sent again states otherwise, to be replaced by it
-- that is a row of the same natural key that the file does not repeat
-- known holds the rows that sql/ingest/resent_rows.sql found; a key the later file does not touch stays as it was
-- reads: occurrences, known = resent_rows
-- structure: {key: [date, product_id]}
with resent as (
    select distinct occurrences.file
    from occurrences
    inner join known on occurrences.id = known.id
),

restated as (
    select distinct
        occurrences.file,
        {% for name in key %}
        occurrences.{{ name }},
        {% endfor %}
        occurrences.quantity < 0 as is_return
    from occurrences
    inner join resent on occurrences.file = resent.file
    left join known on occurrences.id = known.id
    where known.id is null
),

repeated as (
    select
        occurrences.id,
        occurrences.file,
        {% for name in key %}
        occurrences.{{ name }},
        {% endfor %}
        occurrences.quantity < 0 as is_return,
        max(occurrences.file) over (partition by occurrences.identity) as last_file
    from occurrences
    inner join restated
        on
            (occurrences.quantity < 0) = restated.is_return
            {% for name in key %}
            and occurrences.{{ name }} is not distinct from restated.{{ name }}
            {% endfor %}
)

select distinct repeated.id
from repeated
inner join restated
    on
        repeated.is_return = restated.is_return
        and repeated.file < restated.file
        and repeated.last_file < restated.file
        {% for name in key %}
        and repeated.{{ name }} is not distinct from restated.{{ name }}
        {% endfor %}
