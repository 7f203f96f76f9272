-- Grain: one row per node and origin.
-- Simple exponential smoothing: the level, for every lag.
select
    origins.node_id,
    origins.origin,
    ses_states.levels[origins.state] as level,
    0.0::double as trend,
    1.0::double as phi
from origins
inner join ses_states using (node_id, cutoff)
