-- grain: one row per row whose own cells contradict each other, with the cells to show
-- reads: standing
-- structure: {when: quantity < 0, shown: [quantity, date]}
select
    id,
    file,
    row,
    {% for name in shown %}
    {{ name }},
    {% endfor %}
    cast({{ shown[-1] }} as varchar) as value
from standing
where {{ when }}
order by id
