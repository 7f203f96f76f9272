-- grain: one row per month, resource and commitment of the chosen plan: heads, and hours of people and machines
-- reads: resource_plan, resources
-- binds: $strategy varchar, $scenario varchar
with chosen as (
    select
        p.resource_id, p.kind, p.month, p.units, p.hires, p.layoffs, p.temporary, p.regular_hours, p.overtime_hours,
        case when r.site_id is null then 'Production' else 'Production, ' || r.site_id end as department
    from resource_plan as p
    left join resources as r on p.resource_id = r.resource_id
    where p.strategy = $strategy and p.scenario = $scenario and p.kind in ('labour', 'machine')
),

commitments as (
    select month, department, resource_id, 'people' as allots, 'heads employed' as commitment, units as quantity
    from chosen where kind = 'labour'
    union all
    select month, department, resource_id, 'people', 'temporary heads', temporary from chosen where kind = 'labour'
    union all
    select month, 'Human resources', resource_id, 'people', 'heads to hire', hires from chosen where kind = 'labour'
    union all
    select month, 'Human resources', resource_id, 'people', 'heads to lay off', layoffs
    from chosen where kind = 'labour'
    union all
    select month, department, resource_id, 'time', 'regular hours', regular_hours from chosen
    union all
    select month, department, resource_id, 'time', 'overtime hours', overtime_hours from chosen
)

select
    month, department, commitment, resource_id as item, allots, quantity,
    case allots when 'people' then 'heads' else 'hours' end as unit
from commitments
where quantity <> 0
