-- grain: one row per product and planned month that has a most cover: the stock that lasts that many calendar days
-- reads: demand_plan, demand_path, products
with closing as (
    select d.product_id, d.month, p.demand_to_end, p.days_to_end + c.cover_days_max as covered_to
    from demand_plan as d
    inner join demand_path as p on d.product_id = p.product_id and d.month = p.month
    inner join products as c on d.product_id = c.product_id
    where c.cover_days_max is not null
),

reached as (
    select c.product_id, c.month, c.demand_to_end, c.covered_to, f.month as end_month
    from closing as c
    asof left join demand_path as f on c.product_id = f.product_id and c.covered_to <= f.days_to_end
)

select
    r.product_id, r.month,
    round(
        p.demand_to_end - p.quantity - r.demand_to_end
        + cast(p.quantity as decimal(28, 4)) * (r.covered_to - p.days_to_end + p.days) / p.days, 4
    ) as most_stock
from reached as r
left join demand_path as p on r.product_id = p.product_id and r.end_month = p.month
