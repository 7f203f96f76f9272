-- grain: one row per product and month: demand served in its month and backlog served later, in units and money
-- Valued at the price planned for the month; a product without one has its list price.
-- reads: production_schedule, demand_plan, products, planned_prices
with served as (
    select
        coalesce(production_schedule.product_id, demand_plan.product_id) as product_id,
        coalesce(production_schedule.family, demand_plan.family) as family,
        coalesce(production_schedule.month, demand_plan.month) as month,
        coalesce(demand_plan.quantity, production_schedule.demand, 0) as demand,
        coalesce(
            production_schedule.demand
            + production_schedule.opening_backlog
            - production_schedule.backlog
            - production_schedule.lost_sales,
            0
        )::decimal(28, 4) as sales
    from production_schedule
    full join demand_plan
        on
            production_schedule.product_id = demand_plan.product_id
            and production_schedule.month = demand_plan.month
),

valued as (
    select
        served.product_id,
        served.family,
        served.month,
        served.demand,
        served.sales,
        coalesce(planned_prices.unit_price, products.unit_price) as unit_price,
        round(
            served.sales::decimal(28, 4) * coalesce(planned_prices.unit_price, products.unit_price), 2
        )::decimal(28, 2) as revenue,
        round(served.sales::decimal(28, 4) * products.standard_cost, 2)::decimal(28, 2) as cogs
    from served
    left join products on served.product_id = products.product_id
    left join planned_prices on served.product_id = planned_prices.product_id and served.month = planned_prices.month
)

select
    product_id,
    family,
    month,
    demand,
    sales,
    unit_price,
    revenue,
    cogs,
    revenue - cogs as margin
from valued
