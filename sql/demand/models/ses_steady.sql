-- grain: one row per node and cutoff
-- The one smoothing constant of the steady models: what many series share guards each against its own noise.
-- reads: adjusted
-- binds: $steady_alpha double
select
    node_id,
    cutoff,
    [$steady_alpha]::double[] as alphas
from adjusted
