-- grain: one row per run, node and period
-- In-sample errors of the fit behind a node's forecast in a run; nothing in them is later than its origin.
-- reads: base_forecast, series
-- binds: $residual_lag bigint
select
    if(base_forecast.newest, 0, base_forecast.origin_period)::integer as run,
    base_forecast.node_id,
    series.first_period + $residual_lag - 1
    + unnest(range(0, len(base_forecast.residuals))) as period,
    unnest(base_forecast.residuals) as residual
from base_forecast
inner join series using (node_id)
where base_forecast.lag = 0
