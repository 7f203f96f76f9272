-- grain: one row per origin, dimension, family and market: its share in the family's sales of the months before
-- a family without sales in them takes the average of the other families' shares; markets with net returns count
-- nothing
-- reads: market_history, demand_units
-- binds: $origins double[], $share_months bigint
-- meant: cross join of origins and dimensions, a dozen or two, with the families
with origins as (
    select unnest($origins::date[]) as origin
),

added_up as (
    select distinct family
    from demand_units
    where family_unit is not null
),

sold as (
    select
        origins.origin,
        history.dimension,
        history.family,
        history.market,
        greatest(sum(history.quantity), 0) as quantity
    from origins
    inner join market_history as history
        on
            origins.origin > history.month
            and (origins.origin - to_months($share_months::integer))::date <= history.month
    group by origins.origin, history.dimension, history.family, history.market
),

own as (
    select
        origin,
        dimension,
        family,
        market,
        quantity::double / nullif(sum(quantity) over of_family, 0)::double as share
    from sold
    window of_family as (partition by origin, dimension, family)
),

others as (
    select
        origin,
        dimension,
        market,
        sum(share::decimal(28, 12))::double as weight
    from own
    where share is not null
    group by origin, dimension, market
),

scopes as (
    select distinct
        origin,
        dimension
    from others
),

families as (
    select
        scopes.origin,
        scopes.dimension,
        added_up.family
    from scopes
    cross join added_up
)

select
    families.origin,
    families.dimension,
    families.family,
    coalesce(own.market, others.market) as market,
    coalesce(own.share, others.weight / sum(others.weight) over of_family) as share,
    if(own.share is null, 'other_families', 'family') as basis
from families
left join own
    on
        families.origin = own.origin
        and families.dimension = own.dimension
        and families.family = own.family
        and own.share is not null
left join others
    on
        if(own.share is null, families.origin, null) = others.origin
        and families.dimension = others.dimension
window of_family as (partition by families.origin, families.dimension, families.family)
order by families.origin, families.dimension, families.family, market
