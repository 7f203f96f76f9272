-- Grain: one row per series, run and period.
-- The average of two coherent forecasts: minimum trace counts three quarters, top-down by forecast proportions a quarter,
-- as neither is the best everywhere and their errors differ (Hollyman, Petropoulos and Tipping 2021).
select
    minimum_trace.leaf_id,
    minimum_trace.run,
    minimum_trace.period,
    greatest((3 * minimum_trace.mean + top_down.mean::double) / 4, series_floor.floor)::decimal(18, 4) as mean
from minimum_trace
inner join top_down_forecast_proportions as top_down using (leaf_id, run, period)
inner join series_floor on minimum_trace.leaf_id = series_floor.node_id
