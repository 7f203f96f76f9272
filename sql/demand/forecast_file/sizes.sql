-- grain: one row: the largest numbers of all series added up, and the largest of them with its row
-- reads: file_rows = rows
with largest as (
    select
        max(abs(y)) as size,
        arg_max(line, abs(y)) as line
    from file_rows
    group by unique_id
)

select
    sum(size) as total,
    max(size) as largest,
    arg_max(line, size) as line
from largest
