-- grain: one row per dimension, product and month whose markets do not add up to the sales plan, to the last unit
-- reads: supply_allotment, sales_plan
with markets as (
    select
        dimension,
        product_id,
        month,
        sum(demand) as demand,
        sum(allotted) as allotted
    from supply_allotment
    group by all
)

select
    markets.dimension,
    markets.product_id,
    markets.month,
    markets.demand,
    sales_plan.demand as planned_demand,
    markets.allotted,
    sales_plan.sales
from markets
left join sales_plan on markets.product_id = sales_plan.product_id and markets.month = sales_plan.month
where markets.allotted is distinct from sales_plan.sales or markets.demand is distinct from sales_plan.demand
order by all
