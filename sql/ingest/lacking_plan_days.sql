-- grain: one row per month of which a plan has so few days that they are no plan of the month
-- reads: plan_rows, unit_days, month_days
-- binds: $most bigint
with planned as (
    select
        date_trunc('month', unit_days.day)::date as month,
        count(distinct unit_days.day) filter (where unit_days.is_worked) as planned
    from plan_rows
    inner join unit_days on plan_rows.id = unit_days.id
    group by all
)

select
    planned.month,
    planned.planned,
    month_days.worked
from planned
inner join month_days on planned.month = month_days.month
where month_days.worked - planned.planned > $most
order by planned.month
