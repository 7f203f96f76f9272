-- grain: one row per strategy, labour resource and month whose heads do not balance within rounding
-- reads: resource_plan, planning_resources
with heads as (
    select
        resource_plan.strategy,
        resource_plan.scenario,
        resource_plan.resource_id,
        resource_plan.month,
        resource_plan.units,
        resource_plan.hires,
        resource_plan.layoffs,
        coalesce(
            lag(resource_plan.units) over (
                partition by resource_plan.strategy, resource_plan.scenario, resource_plan.resource_id
                order by resource_plan.month
            ),
            planning_resources.opening_units
        ) as before
    from resource_plan
    inner join planning_resources on resource_plan.resource_id = planning_resources.resource_id
    where planning_resources.kind = 'labour'
)

select
    strategy,
    scenario,
    resource_id,
    month,
    before,
    hires,
    layoffs,
    units
from heads
where before is not null and abs(before + hires - layoffs - units) > 0.0004
order by all
