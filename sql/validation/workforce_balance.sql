-- grain: one row per strategy, labour resource and month whose heads do not balance within rounding
-- reads: resource_plan, planning_resources
with heads as (
    select
        p.strategy, p.scenario, p.resource_id, p.month, p.units, p.hires, p.layoffs,
        coalesce(
            lag(p.units) over (partition by p.strategy, p.scenario, p.resource_id order by p.month),
            r.opening_units
        ) as before
    from resource_plan as p
    inner join planning_resources as r on p.resource_id = r.resource_id
    where r.kind = 'labour'
)

select strategy, scenario, resource_id, month, before, hires, layoffs, units
from heads
where before is not null and abs(before + hires - layoffs - units) > 0.0004
order by all
