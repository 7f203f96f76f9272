-- grain: one row per product whose volume is planned from a like product, not from its own few months
-- launches to come, and launches of the past still in their ramp or first months (METHODS 3, 6)
-- reads: product_lifecycle, heirs, succession
-- binds: $cycle_month date, $new_months bigint
select
    lifecycle.product_id,
    lifecycle.status,
    lifecycle.launch_month,
    greatest(lifecycle.launch_month, if(lifecycle.status = 'launching', $cycle_month::date, lifecycle.launch_month))
        as first_month,
    lifecycle.like_product_id,
    heirs.heir_id as like_heir_id,
    coalesce(lifecycle.scale_pct, 100)::double / 100 as scale,
    greatest(coalesce(lifecycle.ramp_months, 1), 1) as ramp_months,
    lifecycle.probability,
    lifecycle.cannibalises,
    coalesce(lifecycle.cannibalisation_pct, 0)::double / 100 as cannibalised_share
from product_lifecycle as lifecycle
inner join heirs on lifecycle.like_product_id = heirs.product_id
where
    lifecycle.launch_month is not null
    and (
        (
            lifecycle.status = 'launching'
            and lifecycle.product_id not in (select successor_id from succession where takes_over)
        )
        or (
            lifecycle.status = 'new'
            and heirs.heir_id <> lifecycle.product_id
            and date_diff('month', lifecycle.launch_month, $cycle_month::date)
            < greatest($new_months, coalesce(lifecycle.ramp_months, 0))
        )
    )
order by lifecycle.product_id
