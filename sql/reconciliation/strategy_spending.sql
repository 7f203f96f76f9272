-- grain: one row per strategy, scenario and month: what the plan spends, kind by kind, and what is notional
-- Null where the company gave neither a cost of a product nor a rate of a resource: the solver counts in unit values
-- then.
-- reads: plan_costs, plan_shortfalls, material_flows, aggregate_plan, products, resources
{% set kinds = [
    'material', 'regular_pay', 'overtime', 'temporary', 'hiring', 'layoff', 'subcontracting', 'setup', 'rate_change',
    'holding', 'backlog', 'lost_sales',
] %}
with plan_months as (
    select distinct
        strategy,
        scenario,
        month
    from aggregate_plan
),

costs_known as (
    select
        (
            select count(coalesce(standard_cost, unit_material_cost, subcontract_cost))
            from products
        ) + (
            select count(coalesce(regular_rate, overtime_rate, temporary_rate, hire_cost, layoff_cost))
            from resources
        ) > 0 as is_known
),

spent as (
    select
        {% for kind in kinds %}
        sum(case when kind = '{{ kind }}' then amount else 0 end) as {{ kind }},
        {% endfor %}
        strategy,
        scenario,
        month
    from plan_costs
    group by strategy, scenario, month
),

short as (
    select
        strategy,
        scenario,
        month,
        sum(cost) as shortfall
    from plan_shortfalls
    group by strategy, scenario, month
),

stored as (
    select
        strategy,
        scenario,
        month,
        sum(stock_value) as material_stock,
        sum(stock_change) as material_change
    from material_flows
    group by strategy, scenario, month
)

select
    {% for kind in kinds %}
    if(costs_known.is_known, coalesce(spent.{{ kind }}, 0), null)::decimal(28, 2) as {{ kind }},
    {% endfor %}
    plan_months.strategy,
    plan_months.scenario,
    plan_months.month,
    if(costs_known.is_known, coalesce(short.shortfall, 0), null)::decimal(28, 2) as shortfall,
    if(costs_known.is_known, coalesce(stored.material_stock, 0), null)::decimal(28, 2) as material_stock,
    if(costs_known.is_known, coalesce(stored.material_change, 0), null)::decimal(28, 2) as material_change
from plan_months
cross join costs_known
left join spent
    on
        plan_months.strategy = spent.strategy
        and plan_months.scenario = spent.scenario
        and plan_months.month = spent.month
left join short
    on
        plan_months.strategy = short.strategy
        and plan_months.scenario = short.scenario
        and plan_months.month = short.month
left join stored
    on
        plan_months.strategy = stored.strategy
        and plan_months.scenario = stored.scenario
        and plan_months.month = stored.month
