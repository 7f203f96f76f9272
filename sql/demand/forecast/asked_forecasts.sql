-- grain: one row per node and origin, in that order
-- The SQL models' forecasts as lists over the lags, for the models outside SQL.
-- reads: nodes, base_forecast
select
    base_forecast.node_id,
    base_forecast.newest,
    base_forecast.origin_period,
    nodes.level_no = (select max(level_no) from nodes) as is_series,
    bool_or(len(base_forecast.shift_periods) > 0) as is_shifted,
    list(base_forecast.mean * base_forecast.to_median order by base_forecast.lag) as means,
    list(base_forecast.error_scale order by base_forecast.lag) as error_scales
from base_forecast
inner join nodes using (node_id)
group by base_forecast.node_id, base_forecast.newest, base_forecast.origin_period, nodes.level_no
order by base_forecast.node_id, base_forecast.newest, base_forecast.origin_period
