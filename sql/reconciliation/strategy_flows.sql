-- grain: one row per strategy, scenario and month: sales and stock in money, at standard and at variable cost
-- The chosen plan's sales and stock at standard are those of its products; every other plan's are those of its items.
-- Sales are demand and backlog served; opening stock is the company's, whatever the strategy.
-- reads: aggregate_plan, planning_demand, planning_products, planning_state
-- reads: variable_costs, family_flows, production_schedule, products
-- binds: $strategy varchar, $scenario varchar
with moved as (
    select
        aggregate_plan.strategy,
        aggregate_plan.scenario,
        aggregate_plan.item_id,
        aggregate_plan.month,
        aggregate_plan.inventory,
        aggregate_plan.demand - aggregate_plan.lost_sales - aggregate_plan.backlog
        + coalesce(
            lag(aggregate_plan.backlog) over item_months, planning_state.opening_backlog, 0
        ) as sales,
        coalesce(lag(aggregate_plan.inventory) over item_months, planning_state.opening_stock, 0) as opening
    from aggregate_plan
    left join planning_state on aggregate_plan.item_id = planning_state.product_id
    window
        item_months as (
            partition by aggregate_plan.strategy, aggregate_plan.scenario, aggregate_plan.item_id
            order by aggregate_plan.month
        )
),

of_products as (
    select
        month,
        sum(revenue) as revenue,
        sum(cogs) as cogs,
        sum(margin) as gross_margin,
        sum(inventory_value) as inventory_value
    from family_flows
    where basis = 'plan'
    group by month
),

at_start as (
    select sum(round(production_schedule.opening_stock::decimal(28, 4) * products.standard_cost, 2)) as inventory_value
    from production_schedule
    inner join products on production_schedule.product_id = products.product_id
    where production_schedule.month = (select min(month) from production_schedule)
),

valued as (
    select
        moved.strategy,
        moved.scenario,
        moved.month,
        moved.strategy = $strategy and moved.scenario = $scenario as is_chosen,
        round(
            moved.sales::decimal(28, 4) * coalesce(planning_demand.price, planning_products.unit_price), 2
        ) as revenue,
        round(moved.sales::decimal(28, 4) * planning_products.standard_cost, 2) as cogs,
        round(moved.inventory::decimal(28, 4) * planning_products.standard_cost, 2) as inventory_value,
        round(moved.opening::decimal(28, 4) * planning_products.standard_cost, 2) as inventory_before,
        round(moved.inventory::decimal(28, 4) * variable_costs.variable_cost, 2)
        - round(moved.opening::decimal(28, 4) * variable_costs.variable_cost, 2) as stock_change
    from moved
    inner join planning_products on moved.item_id = planning_products.product_id
    left join planning_demand
        on moved.item_id = planning_demand.product_id and moved.month = planning_demand.month
    left join variable_costs on moved.item_id = variable_costs.item_id
),

by_plan as (
    select
        strategy,
        scenario,
        month,
        is_chosen,
        sum(revenue) as revenue,
        sum(cogs) as cogs,
        sum(inventory_value) as inventory_value,
        sum(inventory_before) as inventory_before,
        sum(revenue - cogs) as gross_margin,
        coalesce(sum(stock_change), 0) as stock_change
    from valued
    group by strategy, scenario, month, is_chosen
)


select
    by_plan.strategy,
    by_plan.scenario,
    by_plan.month,
    by_plan.is_chosen,
    by_plan.stock_change::decimal(28, 2) as stock_change,
    if(by_plan.is_chosen, of_products.revenue, by_plan.revenue)::decimal(28, 2) as revenue,
    if(by_plan.is_chosen, of_products.cogs, by_plan.cogs)::decimal(28, 2) as cogs,
    if(by_plan.is_chosen, of_products.gross_margin, by_plan.gross_margin)::decimal(28, 2) as gross_margin,
    if(by_plan.is_chosen, of_products.inventory_value, by_plan.inventory_value)::decimal(28, 2) as inventory_value,
    (
        if(by_plan.is_chosen, of_products.inventory_value, by_plan.inventory_value)
        - if(
            by_plan.is_chosen,
            coalesce(lag(of_products.inventory_value) over plan_months, at_start.inventory_value),
            by_plan.inventory_before
        )
    )::decimal(28, 2) as inventory_change
from by_plan
cross join at_start
left join of_products on by_plan.month = of_products.month
window plan_months as (partition by by_plan.strategy, by_plan.scenario order by by_plan.month)
