-- grain: one row per product and month of the last cycle's plan
-- reads: demand_plan, sales_plan, production_plan, inventory_plan
-- binds: $release varchar
with made_in as (
    select min(month - to_months(lag::integer)) as cycle_month
    from demand_plan
),

product_months as (
    select
        product_id,
        family,
        month
    from demand_plan
    union
    select
        product_id,
        family,
        month
    from sales_plan
)

select
    strftime(made_in.cycle_month, '%Y-%m') as cycle,
    $release::varchar as release,
    product_months.product_id,
    product_months.family,
    product_months.month,
    coalesce(demand_plan.quantity, sales_plan.demand, 0) as demand,
    coalesce(sales_plan.sales, 0) as sales,
    coalesce(production_plan.output + production_plan.subcontract, 0) as output,
    coalesce(inventory_plan.inventory, 0) as inventory,
    sales_plan.revenue,
    sales_plan.margin,
    inventory_plan.inventory_value
from product_months
cross join made_in
left join demand_plan on product_months.product_id = demand_plan.product_id and product_months.month = demand_plan.month
left join sales_plan on product_months.product_id = sales_plan.product_id and product_months.month = sales_plan.month
left join production_plan
    on
        product_months.product_id = production_plan.product_id
        and product_months.month = production_plan.month
left join inventory_plan
    on
        product_months.product_id = inventory_plan.product_id
        and product_months.month = inventory_plan.month
