-- grain: one row per product and month that the portfolio changes: launch, cannibalisation, phase-out, succession
-- reads: launch_volumes, statistical_amounts, remaining_shares
with effects as (
    select
        volumes.product_id,
        volumes.month,
        'launch' as effect,
        volumes.volume - amounts.statistical as change,
        volumes.like_product_id as other_product_id,
        volumes.scale as effect_share,
        volumes.first_month as effective_on,
        volumes.sold_share
    from launch_volumes as volumes
    inner join statistical_amounts as amounts
        on volumes.product_id = amounts.product_id and volumes.month = amounts.month
    union all
    select
        volumes.cannibalises as product_id,
        volumes.month,
        'cannibalised' as effect,
        -(greatest(volumes.volume::double - volumes.observed, 0) * volumes.cannibalised_share)::decimal(28, 4)
            as change,
        volumes.product_id as other_product_id,
        volumes.cannibalised_share as effect_share,
        volumes.first_month as effective_on,
        null as sold_share
    from launch_volumes as volumes
    where volumes.cannibalises is not null
    union all
    select
        product_id,
        month,
        'phased_out' as effect,
        -(statistical::double * (1 - remaining))::decimal(28, 4) as change,
        successor_id as other_product_id,
        null as effect_share,
        last_day as effective_on,
        null as sold_share
    from remaining_shares
    union all
    select
        successor_id as product_id,
        month,
        'taken_over' as effect,
        (statistical::double * (1 - remaining))::decimal(28, 4) as change,
        product_id as other_product_id,
        null as effect_share,
        last_day as effective_on,
        null as sold_share
    from remaining_shares
    where is_taken_over
),

largest_first as (
    select
        *,
        row_number() over (
            partition by product_id, month order by abs(change) desc, effect asc, other_product_id asc
        ) as position,
        count(*) over (partition by product_id, month) as effects,
        (sum(change) over (partition by product_id, month))::decimal(28, 4) as whole_change
    from effects
    where change <> 0
)

select
    'portfolio' as stream,
    0 as level_no,
    largest.product_id,
    largest.month,
    amounts.statistical as before,
    greatest(largest.whole_change, -amounts.statistical)::decimal(28, 4) as change,
    largest.effect,
    largest.other_product_id,
    largest.effect_share,
    largest.effective_on,
    largest.sold_share,
    largest.effects,
    null::varchar as reason,
    null::varchar as owner,
    null::varchar as cell,
    null::decimal(28, 4) as replaced,
    null::bigint as overridden,
    null::varchar as overridden_owner,
    false as is_unit_left_out,
    null::decimal(28, 4) as beyond
from largest_first as largest
inner join statistical_amounts as amounts
    on largest.product_id = amounts.product_id and largest.month = amounts.month
where largest.position = 1
order by largest.product_id, largest.month
