-- grain: one row per node, origin and lag: the base forecast with the mean of all models combined, where there is one
-- Whatever else the base forecast has, such as residuals where they are asked for, is carried along.
-- reads: base_forecast, combined
select
    base_forecast.* exclude (mean), -- noqa: AM04
    coalesce(combined.mean / base_forecast.to_median, base_forecast.mean) as mean
from base_forecast
left join combined using (node_id, newest, origin_period, lag)
