-- one row per rejected row: the file and place it stood in, the column and value at fault, the reason
select
    all_rows.file,
    all_rows.row,
    all_rows.cell,
    marks.column_name,
    marks.value,
    marks.reason
from marks
inner join all_rows on marks.id = all_rows.id
where marks.fate = 'quarantined'
order by all_rows.id
