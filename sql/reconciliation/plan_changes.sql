-- grain: one row per product whose plan moved since the last cycle, over the months both cycles plan
-- reads: demand_plan, previous_demand_plan = demand_plan, sales_plan, last_plan, demand_history,
--   previous_history = demand_history
with months as (
    select month
    from demand_plan
    intersect
    select month
    from previous_demand_plan
),

corrected as (
    select
        demand_history.product_id,
        sum(demand_history.quantity - previous_history.quantity) as history_correction
    from demand_history
    inner join
        previous_history
        on
            demand_history.product_id = previous_history.product_id
            and demand_history.month = previous_history.month
    where
        demand_history.flag is distinct from 'partial_month'
        and previous_history.flag is distinct from 'partial_month'
    group by demand_history.product_id
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

-- what the months that ended since brought, where they ended whole, against what was forecast of them
since as (
    select
        demand_history.product_id,
        sum(demand_history.quantity - previous_demand_plan.statistical) as beyond_forecast
    from demand_history
    inner join
        previous_demand_plan
        on
            demand_history.product_id = previous_demand_plan.product_id
            and demand_history.month = previous_demand_plan.month
    where
        demand_history.month not in (select month from months)
        and demand_history.flag is distinct from 'partial_month'
    group by demand_history.product_id
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
    changes.product_id,
    changes.family,
    changes.is_new,
    changes.is_gone,
    changes.is_price_gone,
    changes.is_price_new,
    changes.demand_change::decimal(28, 4) as demand_change,
    changes.statistical_change::decimal(28, 4) as statistical_change,
    (changes.demand_change - changes.statistical_change)::decimal(28, 4) as streams_change,
    since.beyond_forecast::decimal(28, 4) as beyond_forecast,
    corrected.history_correction::decimal(28, 4) as history_correction,
    changes.revenue_change::decimal(28, 2) as revenue_change
from changes
left join since on changes.product_id = since.product_id
left join corrected on changes.product_id = corrected.product_id
where changes.demand_change <> 0 or changes.statistical_change <> 0 or coalesce(changes.revenue_change, 0) <> 0
order by changes.product_id
