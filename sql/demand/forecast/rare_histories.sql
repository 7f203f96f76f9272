-- grain: one row per node whose demand is intermittent, in order
-- Its history from its last level shift on.
-- reads: series, base
select
    base.node_id,
    list_slice(
        series.history,
        coalesce(list_max(base.shift_periods) - series.first_period + 1, 1)::bigint,
        series.periods::bigint
    ) as history
from base
inner join series using (node_id)
where base.run = 0 and base.lag = 0 and base.is_intermittent
order by base.node_id
