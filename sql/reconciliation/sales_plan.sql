-- grain: one row per product and month: demand served in its month and backlog served later, in units and money
-- reads: production_schedule, demand_plan, products
with served as (
    select
        coalesce(s.product_id, d.product_id) as product_id,
        coalesce(s.family, d.family) as family,
        coalesce(s.month, d.month) as month,
        coalesce(d.quantity, s.demand, 0) as demand,
        cast(coalesce(s.demand + s.opening_backlog - s.backlog - s.lost_sales, 0) as decimal(18, 4)) as sales
    from production_schedule as s
    full join demand_plan as d on s.product_id = d.product_id and s.month = d.month
),

valued as (
    select
        s.product_id, s.family, s.month, s.demand, s.sales, p.unit_price,
        cast(round(cast(s.sales as decimal(28, 4)) * p.unit_price, 2) as decimal(18, 2)) as revenue,
        cast(round(cast(s.sales as decimal(28, 4)) * p.standard_cost, 2) as decimal(18, 2)) as cogs
    from served as s
    left join products as p on s.product_id = p.product_id
)

select product_id, family, month, demand, sales, unit_price, revenue, cogs, revenue - cogs as margin
from valued
