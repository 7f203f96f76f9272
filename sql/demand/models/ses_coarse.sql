-- Grain: one row per node and cutoff.
-- Smoothing constants to try first, from nearly constant to nearly naive.
select
    node_id,
    cutoff,
    list_transform(range(0, 10), lambda i: 0.05 + 0.1 * i)::double[] as alphas
from adjusted
