-- grain: one row per measure, family and month that the last cycle planned and that has since become actual
-- Families whose units cannot be added, and measures that were not recorded, have no row.
-- reads: last_plan, unit_factors, actuals
-- binds: $cycle_month date
with planned as (
    select
        l.cycle, l.product_id, l.family, l.month, l.sales, l.output, l.inventory, u.factor
    from last_plan as l
    left join unit_factors as u on l.product_id = u.product_id
    where l.month < $cycle_month
),

planned_long as (
    select cycle, family, month, factor, measure, quantity
    from planned
    unpivot (quantity for measure in (sales, output, inventory))
),

plan as (
    select cycle, measure, family, month, sum(round(cast(quantity as decimal(28, 4)) * factor, 4)) as quantity
    from planned_long
    group by all
    having bool_and(factor is not null)
),

actual_wide as (
    select a.family, a.month, a.sales, a.output, a.inventory, u.factor
    from actuals as a
    left join unit_factors as u on a.product_id = u.product_id
),

actual_long as (
    select family, month, factor, measure, quantity
    from actual_wide
    unpivot (quantity for measure in (sales, output, inventory))
),

actual as (
    select measure, family, month, sum(round(cast(quantity as decimal(28, 4)) * factor, 4)) as quantity
    from actual_long
    group by all
),

recorded as (
    select distinct measure, month from actual
)

select
    case p.measure when 'output' then 'production' else p.measure end as measure,
    p.family, p.month, p.cycle,
    p.quantity as plan,
    coalesce(a.quantity, 0) as actual,
    case when p.quantity > 0
        then round(1 - abs(coalesce(a.quantity, 0) - p.quantity) / p.quantity, 6)
    end as attainment
from plan as p
inner join recorded as r on p.measure = r.measure and p.month = r.month
left join actual as a on p.measure = a.measure and p.family = a.family and p.month = a.month
