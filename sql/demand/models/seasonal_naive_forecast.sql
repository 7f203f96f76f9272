-- Grain: one row per node and origin.
-- The same month of the last year known; under a year of history the last value. The yardstick for all others.
select
    node_id,
    origin,
    list_transform(
        range(0, $horizon),
        lambda h: if(origin < $season, history[origin], history[origin - $season + 1 + h % $season])
    ) as forecasts
from origins
