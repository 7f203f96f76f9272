-- grain: one row per scenario and strategy: its money over the months of the plan, and its summary
-- A sum in which a month is not known is not known. The busiest month is the earliest with the highest utilisation.
-- reads: plan_summary, plan_money, resource_plan
with money as (
    select
        scenario,
        strategy,
        {% for name in ('revenue', 'gross_margin', 'contribution', 'operating_result', 'cash_flow') %}
        case when bool_and({{ name }} is not null) then sum({{ name }}) end as {{ name }},
        {% endfor %}
        min(cash_change) as lowest_cash,
        arg_max(inventory_value, month) as inventory_value,
        avg(inventory_value) as mean_inventory_value
    from plan_money
    group by scenario, strategy
),

busiest as (
    select
        scenario,
        strategy,
        resource_id,
        month
    from resource_plan
    where kind in ('labour', 'machine') and utilisation is not null
    qualify
        row_number() over (partition by scenario, strategy order by utilisation desc, month asc, resource_id asc) = 1
)

select
    plan_summary.scenario,
    plan_summary.strategy,
    plan_summary.status,
    money.revenue,
    money.gross_margin,
    money.contribution,
    money.operating_result,
    money.cash_flow,
    money.lowest_cash,
    plan_summary.total_cost,
    plan_summary.shortfall_cost,
    plan_summary.service,
    plan_summary.lost_units,
    plan_summary.late_units,
    money.inventory_value,
    money.mean_inventory_value,
    plan_summary.peak_inventory,
    plan_summary.hires,
    plan_summary.layoffs,
    plan_summary.overtime_hours,
    plan_summary.worst_utilisation,
    busiest.resource_id as busiest_resource,
    busiest.month as busiest_month
from plan_summary
left join money on plan_summary.scenario = money.scenario and plan_summary.strategy = money.strategy
left join busiest on plan_summary.scenario = busiest.scenario and plan_summary.strategy = busiest.strategy
