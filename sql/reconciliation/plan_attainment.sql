-- grain: one row per measure, family and month that was planned and has since become actual
-- Every month is held against today's actuals, so that a correction reaches months judged before; never below 0.
-- Sales of a month that is partly forecast are held against nothing.
-- Measures that were not recorded, and families whose units cannot be added, have no row.
-- reads: attainment_plans, unit_factors, actuals
with estimated as (
    select distinct month
    from actuals
    where sales_estimated > 0
),

addable as (
    select
        family,
        bool_and(factor is not null) as is_addable
    from unit_factors
    group by family
),

actual_wide as (
    select
        actuals.family,
        actuals.month,
        if(actuals.month in (select month from estimated), null, actuals.sales) as sales,
        actuals.output as production,
        actuals.inventory,
        unit_factors.factor
    from actuals
    left join unit_factors on actuals.product_id = unit_factors.product_id
),

actual_long as (
    select
        family,
        month,
        factor,
        measure,
        quantity
    from actual_wide unpivot (quantity for measure in (sales, production, inventory))
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
    attainment_plans.measure,
    attainment_plans.family,
    attainment_plans.month,
    attainment_plans.cycle,
    attainment_plans.plan,
    coalesce(actual.quantity, 0) as actual,
    case
        when attainment_plans.plan > 0
            then greatest(
                round(1 - abs(coalesce(actual.quantity, 0) - attainment_plans.plan) / attainment_plans.plan, 6), 0
            )
    end as attainment
from attainment_plans
inner join recorded on attainment_plans.measure = recorded.measure and attainment_plans.month = recorded.month
inner join addable on attainment_plans.family = addable.family
left join actual
    on
        attainment_plans.measure = actual.measure
        and attainment_plans.family = actual.family
        and attainment_plans.month = actual.month
where addable.is_addable
