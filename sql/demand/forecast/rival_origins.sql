-- Grain: one row per node and origin that the slower models are asked for: the real forecast, and every `rival_step`-th
-- backtest origin. The screen: all values positive and two seasons known, where those models have something to add.
select
    series.node_id,
    base_forecast.newest,
    base_forecast.origin_period,
    series.history[1:base_forecast.origin_period - series.first_period] as history
from base_forecast
inner join series using (node_id)
where
    base_forecast.lag = 0
    and (base_forecast.newest or (series.first_period + series.periods - base_forecast.origin_period) % $rival_step = 0)
    and base_forecast.origin_period - series.first_period >= 2 * $season
    and list_min(series.history[1:base_forecast.origin_period - series.first_period]) > 0
order by series.node_id, base_forecast.origin_period
