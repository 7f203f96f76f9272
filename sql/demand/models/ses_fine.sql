-- Grain: one row per node and cutoff.
-- Smoothing constants around the best coarse one, one hundredth apart.
select
    node_id,
    cutoff,
    list_transform(range(-4, 6), lambda i: alpha + 0.01 * i)::double[] as alphas
from ses_best
