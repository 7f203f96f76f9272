-- grain: one row per node and origin
-- The last season known, which the seasonal naive repeats; under a year of history the last value. The benchmark for
-- all others.
-- reads: origins, adjusted
-- binds: $season bigint
select
    origins.node_id,
    origins.origin,
    if(
        origins.origin < $season,
        adjusted.as_given[origins.origin:origins.origin],
        adjusted.as_given[origins.origin - $season + 1:origins.origin]
    ) as repeated
from origins
inner join adjusted using (node_id, cutoff)
