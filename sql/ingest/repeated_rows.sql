-- one row per row that says, cell by cell, what an earlier row of the same file says; the first of each stays
-- digests find the candidates at little cost, the cells themselves decide
with candidates as (
    select file, digest
    from rows
    group by file, digest
    having count(*) > 1
),

counted as (
    select
        rows.id,
        row_number() over (
            partition by rows.file, {% for name in columns %}rows.{{ name }}, {% endfor %}rows.extra, rows.whole
            order by rows.id
        ) as place
    from rows
    inner join candidates on rows.file = candidates.file and rows.digest = candidates.digest
)

select id
from counted
where place > 1
