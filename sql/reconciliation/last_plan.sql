-- grain: one row per product and month of the last cycle's plan
-- reads: demand_plan, sales_plan, production_plan, inventory_plan
with made_in as (
    select min(month - to_months(cast(lag as integer))) as cycle_month
    from demand_plan
),

product_months as (
    select product_id, family, month from demand_plan
    union
    select product_id, family, month from sales_plan
)

select
    strftime(made_in.cycle_month, '%Y-%m') as cycle,
    m.product_id, m.family, m.month,
    coalesce(d.quantity, s.demand, 0) as demand,
    coalesce(s.sales, 0) as sales,
    coalesce(p.output + p.subcontract, 0) as output,
    coalesce(i.inventory, 0) as inventory,
    s.revenue, s.margin, i.inventory_value
from product_months as m
cross join made_in
left join demand_plan as d on m.product_id = d.product_id and m.month = d.month
left join sales_plan as s on m.product_id = s.product_id and m.month = s.month
left join production_plan as p on m.product_id = p.product_id and m.month = p.month
left join inventory_plan as i on m.product_id = i.product_id and m.month = i.month
