-- grain: one row per source row that nothing has set aside
-- The columns are those of the table that is read, whichever it is.
-- reads: all_rows, set_aside
select * -- noqa: AM04
from all_rows
where id not in (select id from set_aside)
