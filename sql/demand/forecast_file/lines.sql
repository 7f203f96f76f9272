-- grain: one row per row of the file and period it has a share of
-- An amount of a period of several weeks is that of one of them.
-- reads: file_cells, shares
-- structure: {groups: [group_1]}
select
    file_cells.row as line,
    file_cells.unique_id,
    {% for group in groups %}
    file_cells.{{ group }},
    {% endfor %}
    file_cells.date,
    shares.period,
    file_cells.value * shares.share / shares.weeks as y
from file_cells
inner join shares using (date, covers)
order by line, shares.period
