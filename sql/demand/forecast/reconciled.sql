-- grain: one row per series, run and period
-- Minimum trace, nowhere below what a series was never below.
-- reads: minimum_trace, series_floor
select
    minimum_trace.leaf_id,
    minimum_trace.run,
    minimum_trace.period,
    greatest(minimum_trace.mean, series_floor.floor)::decimal(28, 4) as mean
from minimum_trace
inner join series_floor on minimum_trace.leaf_id = series_floor.node_id
