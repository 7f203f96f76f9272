-- grain: one row per series and period (or date) that several rows of the file are for
-- reads: file_lines = lines
-- structure: {by: period}
select
    unique_id,
    min(date) as date,
    min(line) as first_line,
    max(line) as last_line,
    count(distinct line) as lines
from file_lines
group by unique_id, {{ by }}
having count(distinct line) > 1
order by first_line
