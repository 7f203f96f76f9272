-- grain: one row per approach, node, run and period. A view over the series and the sums of them, which have the same
-- columns.
-- reads: leaves, sums
select
    approach,
    node_id,
    run,
    period,
    lag,
    mean,
    actual,
    to_median,
    error_scale,
    is_intermittent,
    is_erratic
from leaves
union all
select
    approach,
    node_id,
    run,
    period,
    lag,
    mean,
    actual,
    to_median,
    error_scale,
    is_intermittent,
    is_erratic
from sums
