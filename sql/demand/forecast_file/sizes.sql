-- grain: one row: the largest numbers of all series added up, and the largest of them with its line
-- reads: file_rows = rows
with largest as (
    select
        max(abs(y)) as size,
        arg_max(line, abs(y)) as line,
        arg_max(value_text, abs(y)) as value_text
    from file_rows
    group by unique_id
)

select
    sum(size) as total,
    arg_max(line, size) as line,
    arg_max(value_text, size) as value_text
from largest
