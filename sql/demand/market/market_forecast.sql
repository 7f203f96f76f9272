-- grain: one row per dimension, market, family and month: the family's consensus split by the markets' shares
-- the largest market takes what rounding leaves, so that the markets add up to the family to the last unit
-- reads: market_shares, demand_range
-- binds: $cycle_month date, $share_months bigint
with spread as (
    select
        shares.dimension,
        shares.market,
        shares.family,
        plans.month,
        plans.mean,
        plans.unit_of_measure,
        shares.share,
        shares.basis,
        (plans.mean::double * shares.share)::decimal(28, 4) as quantity,
        row_number() over (
            partition by shares.dimension, shares.family, plans.month
            order by shares.share desc, shares.market asc
        ) as position
    from market_shares as shares
    inner join demand_range as plans on plans.level = 'family' and shares.family = plans.item_id
    where shares.origin = $cycle_month::date
)

select
    dimension,
    market,
    family,
    month,
    (
        quantity
        + if(position = 1, mean - sum(quantity) over (partition by dimension, family, month), 0)
    )::decimal(28, 4) as quantity,
    share,
    ($cycle_month::date - to_months($share_months::integer))::date as share_from,
    ($cycle_month::date - interval 1 month)::date as share_to,
    basis,
    unit_of_measure
from spread
order by dimension, market, family, month
