-- grain: one row per node and cutoff
-- Smoothing constants to try first, from nearly constant to nearly naive.
-- reads: adjusted
select
    node_id,
    cutoff,
    [0.05, 0.2, 0.35, 0.5, 0.7, 0.9]::double[] as alphas
from adjusted
