-- grain: one row per row that says, cell by cell, what an earlier row of the same file says
-- digests find the candidates at little cost, the cells themselves decide
-- reads: standing
-- structure: {cells: [date, product_id, quantity]}
with candidates as (
    select
        file,
        digest
    from standing
    group by file, digest
    having count(*) > 1
),

counted as (
    select
        standing.id,
        standing.file,
        row_number() over (
            partition by standing.{{ cells | join(', standing.') }}, standing.file, standing.extra, standing.whole
            order by standing.id
        ) as place
    from standing
    inner join candidates on standing.file = candidates.file and standing.digest = candidates.digest
)

select
    id,
    file
from counted
where place > 1
