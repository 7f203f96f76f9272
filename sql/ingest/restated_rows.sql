-- grain: one row per row that a file sent again states otherwise, to be replaced by it
-- that is a row of the same natural key that the file does not repeat; known holds the rows that it does (resent_rows)
-- a key that the later file does not touch stays as it was
-- reads: standing, known
-- structure: {cells: [date, product_id, quantity], key: [date, product_id]}
with resent as (
    select distinct standing.file
    from standing
    inner join known on standing.id = known.id
),

restated as (
    select distinct
        standing.file,
        {% for name in key %}
        standing.{{ name }},
        {% endfor %}
        standing.quantity < 0 as is_return
    from standing
    inner join resent on standing.file = resent.file
    left join known on standing.id = known.id
    where known.id is null
),

repeated as (
    select
        standing.id,
        standing.file,
        {% for name in key %}
        standing.{{ name }},
        {% endfor %}
        standing.quantity < 0 as is_return,
        max(standing.file) over (
            partition by standing.{{ cells | join(', standing.') }}
        ) as last_file
    from standing
    inner join restated
        on
            (standing.quantity < 0) = restated.is_return
            {% for name in key %}
            and standing.{{ name }} is not distinct from restated.{{ name }}
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
