-- grain: one row per measure, family and month that the last cycle planned and that has since become actual
-- Families whose units cannot be added, and measures that were not recorded, have no row.
-- reads: last_plan, unit_factors, actuals
-- binds: $cycle_month date
with planned as (
    select
        last_plan.cycle,
        last_plan.product_id,
        last_plan.family,
        last_plan.month,
        last_plan.sales,
        last_plan.output,
        last_plan.inventory,
        unit_factors.factor
    from last_plan
    left join unit_factors on last_plan.product_id = unit_factors.product_id
    where last_plan.month < $cycle_month
),

actual_wide as (
    select
        actuals.family,
        actuals.month,
        actuals.sales,
        actuals.output,
        actuals.inventory,
        unit_factors.factor
    from actuals
    left join unit_factors on actuals.product_id = unit_factors.product_id
),

planned_long as (
    select
        cycle,
        family,
        month,
        factor,
        measure,
        quantity
    from planned unpivot (quantity for measure in (sales, output, inventory))
),

plan as (
    select
        cycle,
        measure,
        family,
        month,
        sum(round(quantity::decimal(28, 4) * factor, 4)) as quantity
    from planned_long
    group by all
    having bool_and(factor is not null)
),

actual_long as (
    select
        family,
        month,
        factor,
        measure,
        quantity
    from actual_wide unpivot (quantity for measure in (sales, output, inventory))
),

actual as (
    select
        measure,
        family,
        month,
        sum(round(quantity::decimal(28, 4) * factor, 4)) as quantity
    from actual_long
    group by all
),

recorded as (
    select distinct
        measure,
        month
    from actual
)

select
    case plan.measure when 'output' then 'production' else plan.measure end as measure,
    plan.family,
    plan.month,
    plan.cycle,
    plan.quantity as plan,
    coalesce(actual.quantity, 0) as actual,
    case
        when plan.quantity > 0 then round(1 - abs(coalesce(actual.quantity, 0) - plan.quantity) / plan.quantity, 6)
    end as attainment
from plan
inner join recorded on plan.measure = recorded.measure and plan.month = recorded.month
left join actual on plan.measure = actual.measure and plan.family = actual.family and plan.month = actual.month
