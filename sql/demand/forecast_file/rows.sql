-- grain: one row per series and period
-- reads: file_lines = lines
-- structure: {groups: [group_1]}
select
    min(line) as line,
    unique_id,
    {% for group in groups %}
    {{ group }},
    {% endfor %}
    period,
    sum(y) as y
from file_lines
group by
    unique_id,
    {% for group in groups %}
    {{ group }},
    {% endfor %}
    period
order by line
