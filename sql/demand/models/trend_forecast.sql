-- Grain: one row per node and origin.
-- Damped trend, with phi = 1 Holt's straight line; no trend in a history too short to tell it from the season.
select
    origins.node_id,
    origins.origin,
    states.levels[origins.state] as level,
    if(origins.origin < $shortest_trend, 0, states.trends[origins.state]) as trend,
    states.phi
from origins
inner join {{ states }} as states using (node_id, cutoff)
