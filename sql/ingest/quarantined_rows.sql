-- grain: one row per rejected row: the file and place it stood in, the column and value at fault, the reason
-- reads: set_aside, all_rows
select
    all_rows.file,
    all_rows.row,
    all_rows.cell,
    set_aside.column_name,
    set_aside.value,
    set_aside.reason
from set_aside
inner join all_rows on set_aside.id = all_rows.id
where set_aside.status = 'quarantined'
order by all_rows.id
