-- grain: one row per node, origin and lag: the base forecast with the mean of all models combined, where there is one
-- reads: base_forecast, combined
select
    base_forecast.node_id,
    base_forecast.newest,
    base_forecast.origin_period,
    base_forecast.lag,
    base_forecast.error_scale,
    base_forecast.seasonal_naive,
    base_forecast.is_intermittent,
    base_forecast.is_erratic,
    coalesce(combined.mean, base_forecast.mean) as mean
from base_forecast
left join combined using (node_id, newest, origin_period, lag)
