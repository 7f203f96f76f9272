-- grain: one row per series that changes its group, with a line for two of them
-- reads: file_lines = lines
-- structure: {group: group_1}
select
    unique_id,
    min({{ group }}) as one,
    max({{ group }}) as other,
    arg_min(line, {{ group }}) as line_of_one,
    arg_max(line, {{ group }}) as line_of_other
from file_lines
group by unique_id
having min({{ group }}) <> max({{ group }})
order by min(line)
