-- grain: one row per measure, family and month that a plan was made for and that has since begun
-- The last cycle's plan, and of months before it the plan that the last cycle already held against what came.
-- Families whose units cannot be added have no row in the last plan's part.
-- reads: last_plan, unit_factors, earlier = plan_attainment
-- binds: $cycle_month date
with planned as (
    select
        last_plan.cycle,
        last_plan.product_id,
        last_plan.family,
        last_plan.month,
        last_plan.sales,
        last_plan.output as production,
        last_plan.inventory,
        unit_factors.factor
    from last_plan
    left join unit_factors on last_plan.product_id = unit_factors.product_id
    where last_plan.month < $cycle_month
),

planned_long as (
    select
        cycle,
        family,
        month,
        factor,
        measure,
        quantity
    from planned unpivot (quantity for measure in (sales, production, inventory))
),

fresh as (
    select
        cycle,
        measure,
        family,
        month,
        sum(round(quantity::decimal(28, 4) * factor, 4))::decimal(28, 4) as plan
    from planned_long
    group by all
    having bool_and(factor is not null)
)

select
    cycle,
    measure,
    family,
    month,
    plan
from fresh
union all
select
    earlier.cycle,
    earlier.measure,
    earlier.family,
    earlier.month,
    earlier.plan
from earlier
anti join fresh on earlier.month = fresh.month
