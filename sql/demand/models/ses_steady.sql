-- Grain: one row per node and cutoff.
-- The one smoothing constant of the steady models: what many series share guards each against its own noise.
select
    node_id,
    cutoff,
    [$steady_alpha]::double[] as alphas
from adjusted
