-- grain: one row per origin, dimension, family and market: its share in the family's sales of the months before
-- a family without sales in them takes the average of the other families' shares; markets with net returns count nothing
with
origins as (
    select unnest($origins::date[]) as origin
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
            history.month < origins.origin
            and history.month >= (origins.origin - to_months($share_months::integer))::date
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
        sum(share::decimal(18, 12))::double as weight
    from own
    where share is not null
    group by origin, dimension, market
),

families as (
    select distinct
        others.origin,
        others.dimension,
        units.family
    from others
    cross join demand_units as units
    where units.family_unit is not null
)

select
    families.origin,
    families.dimension,
    families.family,
    coalesce(own.market, others.market) as market,
    coalesce(own.share, others.weight / sum(others.weight) over of_family) as share,
    if(own.share is null, 'other families', 'family') as basis
from families
left join own
    on
        families.origin = own.origin
        and families.dimension = own.dimension
        and families.family = own.family
        and own.share is not null
left join others
    on
        families.origin = others.origin
        and families.dimension = others.dimension
        and own.share is null
window of_family as (partition by families.origin, families.dimension, families.family)
order by families.origin, families.dimension, families.family, market
