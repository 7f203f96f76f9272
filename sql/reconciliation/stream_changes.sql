-- grain: one row per product and stream whose adjustment moved since the last cycle, the largest first
-- reads: demand_plan, previous_demand_plan = demand_plan, demand_adjustments, previous_adjustments = demand_adjustments
with months as (
    select month from demand_plan
    intersect
    select month from previous_demand_plan
),

now as (
    select product_id, stream, sum(change) as change, arg_max(reason, (abs(change), month)) as reason
    from demand_adjustments
    where month in (select month from months)
    group by product_id, stream
),

before as (
    select product_id, stream, sum(change) as change, arg_max(reason, (abs(change), month)) as reason
    from previous_adjustments
    where month in (select month from months)
    group by product_id, stream
)

select
    coalesce(n.product_id, b.product_id) as product_id,
    coalesce(n.stream, b.stream) as stream,
    n.stream is null as is_withdrawn,
    coalesce(n.reason, b.reason) as reason,
    cast(coalesce(n.change, 0) - coalesce(b.change, 0) as decimal(18, 4)) as change
from now as n
full join before as b on n.product_id = b.product_id and n.stream = b.stream
where coalesce(n.change, 0) <> coalesce(b.change, 0)
order by product_id asc, abs(coalesce(n.change, 0) - coalesce(b.change, 0)) desc, stream asc
