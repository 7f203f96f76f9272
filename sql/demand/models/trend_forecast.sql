-- Grain: one row per node and origin.
-- Damped trend: level + (phi + phi^2 + ... + phi^(lag + 1)) * trend; with phi = 1 Holt's straight line.
select
    origins.node_id,
    origins.origin,
    list_transform(
        range(1, $horizon + 1),
        lambda h: states.levels[origins.state] + states.trends[origins.state] * case
            when origins.origin < $shortest_trend then 0
            when states.phi = 1 then h
            else states.phi * (1 - states.phi ** h) / (1 - states.phi)
        end
    ) as forecasts
from origins
inner join {{ states }} as states using (node_id, cutoff)
