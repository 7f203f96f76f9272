-- grain: one row per resource and month of the plan in use: what is used, what there is, and most overtime
-- Most overtime is the month's own figure, else the least of a share of regular hours and hours a head or machine, both
-- of those not down and without temporary workers (METHODS 5), and what a decision added; null where overtime has no
-- limit, 0 where there is none.
-- reads: resource_plan, planning_resources, planning_resource_months, planning_raised_limits, resources, site_days
-- binds: $strategy varchar, $scenario varchar
with added as (
    select
        resource_id,
        month,
        sum(more) as overtime
    from planning_raised_limits
    where "limit" in ('overtime_hours', 'overtime_limit_pct', 'overtime_hours_per_unit')
    group by resource_id, month
),

chosen as (
    select
        resource_plan.*,
        planning_resources.site_id,
        planning_resources.hours_per_day,
        planning_resources.hours_per_month,
        planning_resources.overtime_limit_pct,
        planning_resources.overtime_hours_per_unit,
        planning_resources.overtime_rate,
        planning_resource_months.overtime_hours as overtime_of_month,
        coalesce(added.overtime, 0) as overtime_added,
        coalesce(planning_resource_months.capacity, planning_resources.capacity) as stated_capacity,
        site_days.working_days,
        site_days.shutdown,
        case
            when resource_plan.kind not in ('labour', 'machine') or resources.resource_id is null
                then planning_resources.unit
            else 'hours'
        end as unit
    from resource_plan
    left join planning_resources on resource_plan.resource_id = planning_resources.resource_id
    left join resources on resource_plan.resource_id = resources.resource_id
    left join planning_resource_months
        on
            resource_plan.resource_id = planning_resource_months.resource_id
            and resource_plan.month = planning_resource_months.month
    left join added on resource_plan.resource_id = added.resource_id and resource_plan.month = added.month
    left join site_days
        on
            resource_plan.month = site_days.month
            and planning_resources.site_id is not distinct from site_days.site_id
    where resource_plan.strategy = $strategy and resource_plan.scenario = $scenario
),

limited as (
    select
        *,
        greatest(units - units_down, 0) as working_units,
        coalesce(hours_per_month, hours_per_day * working_days) as hours_a_unit
    from chosen
)

select
    resource_id,
    kind,
    site_id,
    month,
    working_days,
    shutdown,
    coalesce(unit, if(kind in ('labour', 'machine'), 'hours', 'units')) as unit,
    units,
    hires,
    layoffs,
    temporary,
    units_down,
    regular_hours,
    overtime_hours,
    available,
    utilisation,
    case
        when kind not in ('labour', 'machine') then 0
        when overtime_of_month is not null then overtime_of_month + overtime_added
        when overtime_limit_pct is null and overtime_hours_per_unit is null then if(overtime_rate is null, 0, null)
        else
            least(
                (
                    coalesce(stated_capacity, hours_a_unit::decimal(28, 6) * working_units)::decimal(24, 6)
                    * overtime_limit_pct / 100
                )::decimal(24, 4),
                (overtime_hours_per_unit * working_units)::decimal(24, 4)
            ) + overtime_added
    end::decimal(28, 4) as overtime_limit
from limited
