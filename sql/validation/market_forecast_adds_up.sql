-- grain: one row per dimension, family and month whose markets do not add up to the family's consensus
-- reads: market_forecast, demand_range
-- meant: cross join of family months with the dimensions, a handful
with dimensions as (
    select distinct dimension from market_forecast
),

summed as (
    select dimension, family, month, sum(quantity) as markets
    from market_forecast
    group by all
)

select d.dimension, r.item_id as family, r.month, r.mean, s.markets
from demand_range as r
cross join dimensions as d
left join summed as s on d.dimension = s.dimension and r.item_id = s.family and r.month = s.month
where r.level = 'family' and r.mean is distinct from s.markets
order by all
