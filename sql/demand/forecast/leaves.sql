-- grain: one row per approach, series, run and period
-- The naive and the bottom-up forecast are columns of `base` as they stand. A view: of 30,000 series the rows are
-- millions, and cheaper made anew for every reader than kept.
-- reads: base, spread_leaves
-- structure: {bottom_up: true}
-- structure: {bottom_up: false}
select
    'naive'::approach_name as approach,
    node_id,
    run,
    period,
    lag,
    seasonal_naive as mean,
    actual,
    to_median,
    error_scale,
    is_intermittent,
    is_erratic
from base
where is_series and run > 0
union all
{% if bottom_up %}
select
    'bottom_up'::approach_name as approach,
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
from base
where is_series
union all
{% endif %}
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
from spread_leaves
