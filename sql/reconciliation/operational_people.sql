-- grain: one row per month, resource and commitment of the chosen plan: heads, and hours of people and machines
-- reads: resource_plan, resources
-- binds: $strategy varchar, $scenario varchar
with chosen as (
    select
        resource_plan.resource_id,
        resource_plan.kind,
        resource_plan.month,
        resource_plan.units,
        resource_plan.hires,
        resource_plan.layoffs,
        resource_plan.temporary,
        resource_plan.regular_hours,
        resource_plan.overtime_hours,
        case
            when resources.site_id is null then 'Production' else 'Production, ' || resources.site_id
        end as department
    from resource_plan
    left join resources on resource_plan.resource_id = resources.resource_id
    where
        resource_plan.strategy = $strategy
        and resource_plan.scenario = $scenario
        and resource_plan.kind in ('labour', 'machine')
),

commitments as (
    select
        month,
        department,
        resource_id,
        'people' as allots,
        'heads employed' as commitment,
        units as quantity
    from chosen
    where kind = 'labour'
    union all
    select
        month,
        department,
        resource_id,
        'people' as allots,
        'temporary heads' as commitment,
        temporary as quantity
    from chosen
    where kind = 'labour'
    union all
    select
        month,
        'Human resources' as department,
        resource_id,
        'people' as allots,
        'heads to hire' as commitment,
        hires as quantity
    from chosen
    where kind = 'labour'
    union all
    select
        month,
        'Human resources' as department,
        resource_id,
        'people' as allots,
        'heads to lay off' as commitment,
        layoffs as quantity
    from chosen
    where kind = 'labour'
    union all
    select
        month,
        department,
        resource_id,
        'time' as allots,
        'regular hours' as commitment,
        regular_hours as quantity
    from chosen
    union all
    select
        month,
        department,
        resource_id,
        'time' as allots,
        'overtime hours' as commitment,
        overtime_hours as quantity
    from chosen
)

select
    month,
    department,
    commitment,
    resource_id as item,
    allots,
    quantity,
    case allots when 'people' then 'heads' else 'hours' end as unit
from commitments
where quantity <> 0
