-- grain: one row per node and cutoff
-- Smoothing constants around the best coarse one, which is known already; finer steps change no forecast noticeably.
-- reads: ses_best = ses_search
select
    node_id,
    cutoff,
    list_transform([-1, 1], lambda i: greatest(0.02, least(0.98, alpha + 0.06 * i)))::double[] as alphas
from ses_best
