-- grain: one row per month and family: what the weeks, periods, quarters or days of a business plan have in the month
-- Amounts are shared by day, in the column's last decimal, so that they add up to the row; service is the mean of the
-- days; stock at the month's end is that of the end of a week or period nearest to it, at most ``stock_days`` away.
-- reads: plan_rows, unit_days
-- binds: $stock_days bigint
with ends as (
    select
        family,
        inventory_value,
        case when covers = 0 then last_day(month) else month + covers::integer - 1 end as counted_on
    from plan_rows
    where inventory_value is not null
),

shared as (
    select
        plan_rows.*,
        unit_days.number,
        unit_days.of as of_days,
        date_trunc('month', unit_days.day)::date as in_month
    from plan_rows
    inner join unit_days on plan_rows.id = unit_days.id
),

amounts as (
    select
        in_month as month,
        family,
        {% for name, places in [('units', 4), ('revenue', 2), ('margin', 2)] %}
        sum(
            (
                ({{ name }}::decimal(38, {{ places }}) * {{ 10 ** places }})::hugeint * number // of_days
                - ({{ name }}::decimal(38, {{ places }}) * {{ 10 ** places }})::hugeint * (number - 1) // of_days
            )::decimal(26, 0) * 1e-{{ places }}::decimal({{ places + 1 }}, {{ places }})
        )::decimal(28, {{ places }}) as {{ name }},
        {% endfor %}
        (sum(service_level::decimal(38, 10)) / count(service_level))::decimal(28, 6) as service_level,
        max(recorded_on) as recorded_on
    from shared
    group by in_month, family
),

nearest as (
    select
        amounts.month,
        amounts.family,
        ends.inventory_value,
        row_number() over (
            partition by amounts.month, amounts.family
            order by abs(ends.counted_on - last_day(amounts.month)), ends.counted_on
        ) as place
    from amounts
    inner join ends
        on
            amounts.family = ends.family
            and abs(ends.counted_on - last_day(amounts.month)) <= $stock_days
)

select
    amounts.month,
    amounts.family,
    amounts.units,
    amounts.revenue,
    amounts.margin,
    nearest.inventory_value,
    amounts.service_level,
    amounts.recorded_on
from amounts
left join nearest
    on amounts.month = nearest.month and amounts.family = nearest.family and nearest.place = 1
order by amounts.month, amounts.family
