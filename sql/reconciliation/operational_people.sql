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
        resources.site_id
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
        'production' as department,
        site_id,
        resource_id,
        'people' as allots,
        'employ' as commitment,
        units as quantity
    from chosen
    where kind = 'labour'
    union all
    select
        month,
        'production' as department,
        site_id,
        resource_id,
        'people' as allots,
        'employ_temporary' as commitment,
        temporary as quantity
    from chosen
    where kind = 'labour'
    union all
    select
        month,
        'human_resources' as department,
        null as site_id,
        resource_id,
        'people' as allots,
        'hire' as commitment,
        hires as quantity
    from chosen
    where kind = 'labour'
    union all
    select
        month,
        'human_resources' as department,
        null as site_id,
        resource_id,
        'people' as allots,
        'lay_off' as commitment,
        layoffs as quantity
    from chosen
    where kind = 'labour'
    union all
    select
        month,
        'production' as department,
        site_id,
        resource_id,
        'time' as allots,
        'regular_hours' as commitment,
        regular_hours as quantity
    from chosen
    union all
    select
        month,
        'production' as department,
        site_id,
        resource_id,
        'time' as allots,
        'overtime_hours' as commitment,
        overtime_hours as quantity
    from chosen
)

select
    month,
    department,
    site_id,
    commitment,
    resource_id as item,
    allots,
    quantity,
    case allots when 'people' then 'heads' else 'hours' end as unit
from commitments
where quantity <> 0
