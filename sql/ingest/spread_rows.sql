-- grain: one row per standing row of a day, and per standing row of a week or period and day of its share
-- The shares are what ``number`` of ``of`` days have less what a day fewer has, in the column's last decimal: they add
-- up to the row. Days from the cut-off on are not known yet.
-- reads: standing, day_shares
-- binds: $limit date
-- structure: {columns: [{name: product_id, places: null}, {name: date, places: null}, {name: quantity, places: 4}],
--   date: date}
with shared as (
    select
        standing.*,
        day_shares.day,
        coalesce(day_shares.number, 1) as number,
        coalesce(day_shares.of, 1) as of_days
    from standing
    left join day_shares on standing.{{ date }} = day_shares.first and standing.covers = day_shares.days
)

select
    {% for column in columns %} -- noqa: LT02
    {% if column.name == date %}
    coalesce(day, {{ date }})
    {% elif column.places %}
    ((
        ({{ column.name }}::decimal(38, {{ column.places }}) * {{ 10 ** column.places }})::hugeint
        * number // of_days
        - ({{ column.name }}::decimal(38, {{ column.places }}) * {{ 10 ** column.places }})::hugeint
        * (number - 1) // of_days
    )::decimal(26, 0) * 1e-{{ column.places }}::decimal({{ column.places + 1 }}, {{ column.places }}))
    ::decimal(28, {{ column.places }})
    {% else %}
    {{ column.name }}
    {% endif %}
    as {{ column.name }}{{ ',' if not loop.last }} -- noqa: LT02
    {% endfor %} -- noqa: LT02
from shared
where day is null or $limit::date is null or day < $limit::date
order by id, number
