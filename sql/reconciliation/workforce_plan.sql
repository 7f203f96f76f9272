-- grain: one row per labour resource and month of the plan in use
-- Heads are whole: rounded up beyond a hundredth of one, so that the hours are there; hires and layoffs are the
-- differences of whole heads. planned_heads and pay are as the plan has them.
-- reads: used_resources, planning_resources, planning_raised_limits, plan_costs
-- binds: $strategy varchar, $scenario varchar
with pay as (
    select
        {% for kind in ['regular_pay', 'overtime', 'temporary', 'hiring', 'layoff'] %}
        sum(case when kind = '{{ kind }}' then amount else 0 end)::decimal(28, 2) as {{ kind }},
        {% endfor %}
        item as resource_id,
        month
    from plan_costs
    where strategy = $strategy and scenario = $scenario
    group by item, month
),

added as (
    select
        {% for name in ['max_units', 'max_hires', 'temporary_max'] %}
        sum(case when "limit" = '{{ name }}' then more else 0 end) as {{ name }},
        {% endfor %}
        resource_id,
        month
    from planning_raised_limits
    group by resource_id, month
),

whole as (
    select
        *,
        ceil(units - 0.01)::decimal(28, 4) as heads,
        ceil(temporary - 0.01)::decimal(28, 4) as whole_temporary
    from used_resources
    where kind = 'labour'
),

moving as (
    select
        whole.*,
        planning_resources.max_units + coalesce(added.max_units, 0) as max_units,
        planning_resources.max_hires + coalesce(added.max_hires, 0) as max_hires,
        planning_resources.max_layoffs,
        coalesce(planning_resources.temporary_max, nullif(added.temporary_max, 0) * 0)
        + coalesce(added.temporary_max, 0) as temporary_max,
        planning_resources.hire_lead_months,
        coalesce(
            lag(whole.heads) over (partition by whole.resource_id order by whole.month),
            ceil(planning_resources.opening_units - 0.01)::decimal(28, 4),
            whole.heads
        ) as opening_heads
    from whole
    left join planning_resources on whole.resource_id = planning_resources.resource_id
    left join added on whole.resource_id = added.resource_id and whole.month = added.month
)

select
    moving.resource_id,
    moving.site_id,
    moving.month,
    moving.working_days,
    moving.shutdown,
    moving.opening_heads,
    greatest(moving.heads - moving.opening_heads, 0) as hires,
    greatest(moving.opening_heads - moving.heads, 0) as layoffs,
    moving.heads,
    moving.whole_temporary as temporary,
    moving.units as planned_heads,
    moving.temporary as planned_temporary,
    moving.max_units as max_heads,
    moving.max_hires,
    moving.max_layoffs,
    moving.temporary_max as max_temporary,
    case
        when moving.hire_lead_months is not null and moving.heads > moving.opening_heads
            then (moving.month - to_months(moving.hire_lead_months::integer))::date
    end as hire_by,
    moving.regular_hours,
    moving.overtime_hours,
    moving.available as available_hours,
    moving.overtime_limit,
    coalesce(pay.regular_pay, 0) as regular_pay,
    coalesce(pay.overtime, 0) as overtime_pay,
    coalesce(pay.temporary, 0) as temporary_pay,
    coalesce(pay.hiring, 0) as hiring_cost,
    coalesce(pay.layoff, 0) as layoff_cost
from moving
left join pay on moving.resource_id = pay.resource_id and moving.month = pay.month
