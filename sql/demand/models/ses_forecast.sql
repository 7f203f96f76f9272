-- Grain: one row per node and origin.
-- Simple exponential smoothing: the level, for every lag.
select
    origins.node_id,
    origins.origin,
    list_transform(range(0, $horizon), lambda h: ses_states.levels[origins.state]) as forecasts
from origins
inner join ses_states using (node_id, cutoff)
