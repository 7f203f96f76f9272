-- Grain: one row per node and origin.
-- Theta (Assimakopoulos and Nikolopoulos 2000) in the form of Hyndman and Billah (2003): exponential smoothing with half
-- the slope of the least-squares line as drift, the slope shrunk by its own uncertainty (line_states). The drift counts
-- from the first lag, as in the other models, so one step of it is taken off the level.
select
    origins.node_id,
    origins.origin,
    ses_states.levels[origins.state] + line_states.slopes[origins.state] / 2
    * ((1 - (1 - ses_states.alpha) ** origins.origin) / ses_states.alpha - 1) as level,
    line_states.slopes[origins.state] / 2 as trend,
    1.0::double as phi
from origins
inner join {{ states }} as ses_states using (node_id, cutoff)
inner join line_states using (node_id, cutoff)
