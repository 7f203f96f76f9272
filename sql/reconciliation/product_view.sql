-- grain: one row per product and month, past and planned: the latest view in family units and money
-- reads: actuals, sales_plan, unit_factors
with both_sides as (
    select
        product_id,
        family,
        month,
        sales,
        revenue,
        margin
    from actuals
    union all
    select
        product_id,
        family,
        month,
        sales,
        revenue,
        margin
    from sales_plan
)

select
    both_sides.product_id,
    both_sides.family,
    both_sides.month,
    both_sides.revenue,
    both_sides.margin,
    round(both_sides.sales::decimal(28, 4) * unit_factors.factor, 4)::decimal(28, 4) as units
from both_sides
left join unit_factors on both_sides.product_id = unit_factors.product_id
