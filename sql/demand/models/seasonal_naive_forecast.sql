-- Grain: one row per node and origin.
-- The same month of the last year known; under a year of history the last value. The yardstick for all others.
select
    origins.node_id,
    origins.origin,
    list_transform(
        range(0, $horizon),
        lambda h: if(
            origins.origin < $season,
            adjusted.history[origins.origin],
            adjusted.history[origins.origin - $season + 1 + h % $season]
        )
    ) as forecasts
from origins
inner join adjusted using (node_id, cutoff)
