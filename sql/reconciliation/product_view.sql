-- grain: one row per product and month, past and planned: the latest view in family units and money
-- reads: actuals, sales_plan, unit_factors
with both_sides as (
    select product_id, family, month, sales, revenue, margin from actuals
    union all
    select product_id, family, month, sales, revenue, margin from sales_plan
)

select
    b.product_id, b.family, b.month, b.revenue, b.margin,
    cast(round(cast(b.sales as decimal(28, 4)) * u.factor, 4) as decimal(18, 4)) as units
from both_sides as b
left join unit_factors as u on b.product_id = u.product_id
