-- grain: one row per node and origin
-- Simple exponential smoothing: the fit's level, brought up to the origin, for every lag.
-- reads: origins, ses = ses_search, steady = ses_search
-- structure: {fit: ses}
-- structure: {fit: steady}
select
    origins.node_id,
    origins.origin,
    fit.alpha,
    list_reduce(origins.later, lambda level, v: level + fit.alpha * (v - level), fit.level) as level,
    0.0::double as trend,
    1.0::double as phi
from origins
inner join {{ fit }} as fit using (node_id, cutoff)
