-- grain: one row per product and month that the portfolio changes: launch, cannibalisation, phase-out, succession
-- reads: launch_volumes, statistical_amounts, remaining_shares
with effects as (
    select
        volumes.product_id,
        volumes.month,
        1 as kind,
        volumes.volume - amounts.statistical as change,
        volumes.reason
    from launch_volumes as volumes
    inner join statistical_amounts as amounts
        on volumes.product_id = amounts.product_id and volumes.month = amounts.month
    union all
    select
        volumes.cannibalises as product_id,
        volumes.month,
        2 as kind,
        -(greatest(volumes.volume::double - volumes.observed, 0) * volumes.cannibalised_share)::decimal(18, 4)
            as change,
        format(
            '{:.0f}% of the volume of {} taken from it', 100 * volumes.cannibalised_share, volumes.product_id
        ) as reason
    from launch_volumes as volumes
    where volumes.cannibalises is not null
    union all
    select
        product_id,
        month,
        3 as kind,
        -(statistical::double * (1 - remaining))::decimal(18, 4) as change,
        format('phased out, last day of sale {}', strftime(last_day, '%Y-%m-%d')) as reason
    from remaining_shares
    union all
    select
        successor_id as product_id,
        month,
        4 as kind,
        (statistical::double * (1 - remaining))::decimal(18, 4) as change,
        format('takes over from {}', product_id) as reason
    from remaining_shares
    where is_taken_over
),

summed as (
    select
        product_id,
        month,
        sum(change)::decimal(18, 4) as change,
        string_agg(reason, '; ' order by kind, reason) as reason
    from effects
    where change <> 0
    group by product_id, month
)

select
    'portfolio' as stream,
    0 as level_no,
    summed.product_id,
    summed.month,
    amounts.statistical as before,
    greatest(summed.change, -amounts.statistical)::decimal(18, 4) as change,
    summed.reason,
    null::varchar as owner
from summed
inner join statistical_amounts as amounts
    on summed.product_id = amounts.product_id and summed.month = amounts.month
order by summed.product_id, summed.month
