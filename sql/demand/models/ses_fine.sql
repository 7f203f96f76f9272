-- Grain: one row per node and cutoff.
-- Smoothing constants around the best coarse one; finer steps change no forecast worth the name.
select
    node_id,
    cutoff,
    list_transform(range(-2, 3), lambda i: greatest(0.01, least(0.99, alpha + 0.04 * i)))::double[] as alphas
from ses_best
