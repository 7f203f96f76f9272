-- one row per row that says, cell by cell, what an earlier row of the same file says; the first of each stays
with repeated as (
    select
        file,
        {{ columns | join(', ') }},
        extra,
        whole,
        min(id) as first_id
    from rows
    group by file, {{ columns | join(', ') }}, extra, whole
    having count(*) > 1
)

select rows.id
from rows
inner join repeated
    on
        rows.file = repeated.file
        and rows.extra is not distinct from repeated.extra
        and rows.whole is not distinct from repeated.whole
        {% for name in columns %}and rows.{{ name }} is not distinct from repeated.{{ name }}
        {% endfor %}
where rows.id > repeated.first_id
