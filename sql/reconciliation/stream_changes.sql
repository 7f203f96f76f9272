-- grain: one row per product and stream whose adjustment moved since the last cycle, the largest first
-- reads: demand_plan, previous_demand_plan = demand_plan, demand_adjustments, previous_adjustments = demand_adjustments
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
        stream,
        sum(change) as change,
        arg_max(
            struct_pack(reason, effect, other_product_id, effect_share, effective_on),
            (coalesce(reason, effect) is not null, abs(change), month)
        ) as said
    from demand_adjustments
    where month in (select month from months)
    group by product_id, stream
),

before as (
    select
        product_id,
        stream,
        sum(change) as change,
        arg_max(
            struct_pack(reason, effect, other_product_id, effect_share, effective_on),
            (coalesce(reason, effect) is not null, abs(change), month)
        ) as said
    from previous_adjustments
    where month in (select month from months)
    group by product_id, stream
)

select
    coalesce(now.product_id, before.product_id) as product_id,
    coalesce(now.stream, before.stream) as stream,
    now.stream is null as is_withdrawn,
    coalesce(now.said, before.said).reason as reason,
    coalesce(now.said, before.said).effect as effect,
    coalesce(now.said, before.said).other_product_id as other_product_id,
    coalesce(now.said, before.said).effect_share as effect_share,
    coalesce(now.said, before.said).effective_on as effective_on,
    (coalesce(now.change, 0) - coalesce(before.change, 0))::decimal(28, 4) as change
from now
full join before on now.product_id = before.product_id and now.stream = before.stream
where coalesce(now.change, 0) <> coalesce(before.change, 0)
order by product_id asc, abs(coalesce(now.change, 0) - coalesce(before.change, 0)) desc, stream asc
