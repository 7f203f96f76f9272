-- Grain: one row per series, run and period.
-- The average of three coherent forecasts: minimum trace counts half, bottom-up and top-down a quarter each, as none is
-- the best everywhere and their errors differ (Hollyman, Petropoulos and Tipping 2021).
select
    bottom_up.leaf_id,
    bottom_up.run,
    bottom_up.period,
    greatest(
        (2 * minimum_trace.mean + bottom_up.mean::double + top_down.mean::double) / 4, series_floor.floor
    )::decimal(18, 4) as mean
from bottom_up
inner join minimum_trace using (leaf_id, run, period)
inner join top_down_forecast_proportions as top_down using (leaf_id, run, period)
inner join series_floor on bottom_up.leaf_id = series_floor.node_id
