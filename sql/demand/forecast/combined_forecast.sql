-- grain: one row per node, origin and lag: the base forecast with the mean of all models combined, where there is one
-- reads: base_forecast, combined
select
    base_forecast.* exclude (mean),
    coalesce(combined.mean, base_forecast.mean) as mean
from base_forecast
left join combined using (node_id, newest, origin_period, lag)
