-- grain: one row per series and period that several lines of the file are for
-- reads: file_rows = rows
select
    unique_id,
    min(date_text) as date_text,
    min(line) as first_line,
    max(line) as last_line,
    count(*) as lines
from file_rows
group by unique_id, period
having count(*) > 1
order by first_line
