-- grain: one row per source row that nothing has set aside
-- reads: all_rows, set_aside
select *
from all_rows
where id not in (select id from set_aside)
