-- grain: one row per product whose plan moved since the last cycle, over the months both cycles plan
-- reads: demand_plan, previous_demand_plan = demand_plan, sales_plan, last_plan
with months as (
    select month from demand_plan
    intersect
    select month from previous_demand_plan
),

now as (
    select product_id, max(family) as family, sum(quantity) as quantity, sum(statistical) as statistical
    from demand_plan
    where month in (select month from months)
    group by product_id
),

before as (
    select product_id, max(family) as family, sum(quantity) as quantity, sum(statistical) as statistical
    from previous_demand_plan
    where month in (select month from months)
    group by product_id
),

revenue_now as (
    select product_id, sum(revenue) as revenue
    from sales_plan
    where month in (select month from months)
    group by product_id
),

revenue_before as (
    select product_id, sum(revenue) as revenue
    from last_plan
    where month in (select month from months)
    group by product_id
),

changes as (
    select
        coalesce(n.product_id, b.product_id) as product_id,
        coalesce(n.family, b.family) as family,
        b.product_id is null as is_new,
        n.product_id is null as is_gone,
        coalesce(n.quantity, 0) - coalesce(b.quantity, 0) as demand_change,
        coalesce(n.statistical, 0) - coalesce(b.statistical, 0) as statistical_change,
        case when r.revenue is not null or o.revenue is not null
            then coalesce(r.revenue, 0) - coalesce(o.revenue, 0)
        end as revenue_change
    from now as n
    full join before as b on n.product_id = b.product_id
    left join revenue_now as r on coalesce(n.product_id, b.product_id) = r.product_id
    left join revenue_before as o on coalesce(n.product_id, b.product_id) = o.product_id
)

select
    product_id, family, is_new, is_gone,
    cast(demand_change as decimal(18, 4)) as demand_change,
    cast(statistical_change as decimal(18, 4)) as statistical_change,
    cast(demand_change - statistical_change as decimal(18, 4)) as streams_change,
    cast(revenue_change as decimal(18, 2)) as revenue_change
from changes
where demand_change <> 0 or statistical_change <> 0 or coalesce(revenue_change, 0) <> 0
order by product_id
