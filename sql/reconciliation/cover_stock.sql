-- grain: one row per product and planned month that has a most cover: the stock that lasts that many calendar days
-- reads: demand_plan, demand_path, products
with closing as (
    select
        demand_plan.product_id,
        demand_plan.month,
        demand_path.demand_to_end,
        demand_path.days_to_end + products.cover_days_max as covered_to
    from demand_plan
    inner join
        demand_path on demand_plan.product_id = demand_path.product_id and demand_plan.month = demand_path.month
    inner join products on demand_plan.product_id = products.product_id
    where products.cover_days_max is not null
),

reached as (
    select
        closing.product_id,
        closing.month,
        closing.demand_to_end,
        closing.covered_to,
        demand_path.month as end_month
    from closing
    asof left join
        demand_path on closing.product_id = demand_path.product_id and closing.covered_to <= demand_path.days_to_end
)

select
    reached.product_id,
    reached.month,
    round(
        demand_path.demand_to_end
        - demand_path.quantity
        - reached.demand_to_end
        + demand_path.quantity::decimal(28, 4)
        * (reached.covered_to - demand_path.days_to_end + demand_path.days)
        / demand_path.days,
        4
    ) as most_stock
from reached
left join demand_path on reached.product_id = demand_path.product_id and reached.end_month = demand_path.month
