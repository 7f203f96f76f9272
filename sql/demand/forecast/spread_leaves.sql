-- grain: one row per approach, series, run and period, of the approaches that are not a column of `base`
-- What an approach spread over the series, beside what `base` knows of each.
-- reads: approaches, base
select
    approaches.approach,
    base.node_id,
    base.run,
    base.period,
    base.lag,
    approaches.mean,
    base.actual,
    base.to_median,
    base.error_scale,
    base.is_intermittent,
    base.is_erratic
from approaches
inner join base
    on approaches.leaf_id = base.node_id and approaches.run = base.run and approaches.period = base.period
