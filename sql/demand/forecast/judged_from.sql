-- grain: one row per node that is backtested
-- The first period that forecasts of every judged lag were made for: lags are compared over the same periods, or a wild
-- month would be held against some of them alone. A history too short for the longest is judged as far ahead as it
-- goes.
-- reads: base
-- binds: $judged_lag bigint
select
    node_id,
    min(run) + least(max(lag), $judged_lag) as from_period
from base
where run > 0
group by node_id
