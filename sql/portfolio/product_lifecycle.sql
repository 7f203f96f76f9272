-- grain: one row per product
-- status, and what a product inherits: the history of an ended predecessor counts as its own (METHODS 3)
-- reads: known_products, product_activity
-- binds: $cutoff date, $ended_after_months bigint, $handed_over_after_months bigint, $longest_chain bigint
-- binds: $new_months bigint
with recursive
dated as (
    select
        known.*,
        activity.first_month,
        activity.last_month,
        min(activity.first_month) over () as company_first_month,
        coalesce(known.discontinued_on < $cutoff, false)
        or coalesce(activity.last_month < $cutoff - to_months($ended_after_months), false)
        or coalesce(
            heir.first_month is not null and activity.last_month < $cutoff - to_months($handed_over_after_months), false
        ) as has_ended
    from known_products as known
    left join product_activity as activity on known.product_id = activity.product_id
    left join product_activity as heir on known.successor_id = heir.product_id
),

-- each ended product passes its first month on, down the chain of successors
inherited (product_id, first_month, depth) as (
    select
        successor_id,
        first_month,
        1
    from dated
    where has_ended and successor_id is not null and first_month is not null
    union all
    select
        dated.successor_id,
        inherited.first_month,
        inherited.depth + 1
    from inherited
    inner join dated on inherited.product_id = dated.product_id
    where dated.has_ended and dated.successor_id is not null and inherited.depth < $longest_chain
),

oldest as (
    select
        product_id,
        min(first_month) as first_month
    from inherited
    group by product_id
),

launches as (
    select
        dated.product_id,
        coalesce(
            dated.launch_month,
            date_trunc('month', dated.launched_on)::date,
            case
                when predecessor.has_ended then $cutoff
                -- the day after, so that the rest of a month is not left to nobody
                when predecessor.discontinued_on is not null
                    then date_trunc('month', predecessor.discontinued_on + 1)::date
            end
        ) as launch_month,
        dated.is_launch or predecessor.product_id is not null or coalesce(dated.launched_on >= $cutoff, false)
            as is_announced
    from dated
    left join dated as predecessor on dated.predecessor_id = predecessor.product_id
),

staged as (
    select
        dated.*,
        launches.launch_month as planned_launch,
        least(dated.first_month, oldest.first_month) as oldest_month,
        case
            when dated.has_ended then 'ended'
            when dated.first_month is null and launches.is_announced and launches.launch_month is not null
                then 'launching'
            when dated.first_month is null then 'never_sold'
            when dated.discontinued_on is not null or dated.successor_id is not null then 'phase_out'
            when
                coalesce(dated.launch_month, date_trunc('month', dated.launched_on)::date)
                > $cutoff - to_months(greatest(coalesce(dated.ramp_months, 0), $new_months)::integer)
                then 'new'
            when
                dated.first_month > dated.company_first_month
                and dated.first_month > $cutoff - to_months($new_months)
                then 'new'
            else 'active'
        end as status
    from dated
    inner join launches on dated.product_id = launches.product_id
    left join oldest on dated.product_id = oldest.product_id
)

select
    product_id,
    product_name,
    family,
    status,
    oldest_month as first_month,
    last_month,
    coalesce(date_diff('month', oldest_month, $cutoff), 0) as history_months,
    case when status in ('launching', 'new') then planned_launch end as launch_month,
    stage,
    probability,
    case when status in ('launching', 'new') then coalesce(like_product_id, predecessor_id) end as like_product_id,
    scale_pct,
    ramp_months,
    cannibalises,
    cannibalisation_pct,
    discontinued_on,
    successor_id
from staged
order by product_id
