-- Grain: one row per node and cutoff.
-- Smoothing constants around the best coarse one, which is known already; finer steps change no forecast worth the name.
select
    node_id,
    cutoff,
    list_transform([-2, -1, 1, 2], lambda i: greatest(0.01, least(0.99, alpha + 0.04 * i)))::double[] as alphas
from ses_best
