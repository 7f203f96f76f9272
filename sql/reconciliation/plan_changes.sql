-- grain: one row per product whose plan moved since the last cycle, over the months both cycles plan
-- reads: demand_plan, previous_demand_plan = demand_plan, sales_plan, last_plan
with months as (
    select month
    from demand_plan
    intersect
    select month
    from previous_demand_plan
),

now as (
    select
        product_id,
        max(family) as family,
        sum(quantity) as quantity,
        sum(statistical) as statistical
    from demand_plan
    where month in (select month from months)
    group by product_id
),

before as (
    select
        product_id,
        max(family) as family,
        sum(quantity) as quantity,
        sum(statistical) as statistical
    from previous_demand_plan
    where month in (select month from months)
    group by product_id
),

revenue_now as (
    select
        product_id,
        sum(revenue) as revenue
    from sales_plan
    where month in (select month from months)
    group by product_id
),

revenue_before as (
    select
        product_id,
        sum(revenue) as revenue
    from last_plan
    where month in (select month from months)
    group by product_id
),

changes as (
    select
        coalesce(now.product_id, before.product_id) as product_id,
        coalesce(now.family, before.family) as family,
        before.product_id is null as is_new,
        now.product_id is null as is_gone,
        revenue_now.revenue is null and revenue_before.revenue is not null as is_price_gone,
        revenue_now.revenue is not null and revenue_before.revenue is null as is_price_new,
        coalesce(now.quantity, 0) - coalesce(before.quantity, 0) as demand_change,
        coalesce(now.statistical, 0) - coalesce(before.statistical, 0) as statistical_change,
        case
            when revenue_now.revenue is not null or revenue_before.revenue is not null
                then coalesce(revenue_now.revenue, 0) - coalesce(revenue_before.revenue, 0)
        end as revenue_change
    from now
    full join before on now.product_id = before.product_id
    left join revenue_now on coalesce(now.product_id, before.product_id) = revenue_now.product_id
    left join revenue_before on coalesce(now.product_id, before.product_id) = revenue_before.product_id
)

select
    product_id,
    family,
    is_new,
    is_gone,
    is_price_gone,
    is_price_new,
    demand_change::decimal(28, 4) as demand_change,
    statistical_change::decimal(28, 4) as statistical_change,
    (demand_change - statistical_change)::decimal(28, 4) as streams_change,
    revenue_change::decimal(28, 2) as revenue_change
from changes
where demand_change <> 0 or statistical_change <> 0 or coalesce(revenue_change, 0) <> 0
order by product_id
