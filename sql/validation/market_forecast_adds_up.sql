-- grain: one row per dimension, family and month whose markets do not add up to the family's consensus
-- reads: market_forecast, demand_range
-- meant: cross join of family months with the dimensions, a handful
with dimensions as (
    select distinct dimension
    from market_forecast
),

summed as (
    select
        dimension,
        family,
        month,
        sum(quantity) as markets
    from market_forecast
    group by all
)

select
    dimensions.dimension,
    demand_range.item_id as family,
    demand_range.month,
    demand_range.mean,
    summed.markets
from demand_range
cross join dimensions
left join summed
    on
        dimensions.dimension = summed.dimension
        and demand_range.item_id = summed.family
        and demand_range.month = summed.month
where demand_range.level = 'family' and demand_range.mean is distinct from summed.markets
order by all
