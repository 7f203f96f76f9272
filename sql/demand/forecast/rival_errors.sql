-- Grain: one row: error of the fast forecast, of the rival and of their mean over the series' common backtest rows, each
-- absolute error in units of its series' one-step error. The three compete for the whole batch, so that a few lucky
-- months of one series decide nothing.
with compared as (
    select
        base_forecast.mean as fast,
        rival.mean as rival,
        node_history.quantity::double as actual,
        base_forecast.error_scale as scale
    from base_forecast
    inner join rival using (node_id, newest, origin_period, lag)
    inner join nodes using (node_id)
    inner join node_history
        on base_forecast.node_id = node_history.node_id
        and base_forecast.origin_period + base_forecast.lag = node_history.period
    where
        not base_forecast.newest
        and base_forecast.error_scale > 0
        and nodes.level_no = (select max(level_no) from nodes)
)

select
    count(*) as compared,
    sum(least(abs(fast - actual) / scale, 1e6)::decimal(28, 9))::double as fast,
    sum(least(abs(rival - actual) / scale, 1e6)::decimal(28, 9))::double as rival,
    sum(least(abs((fast + rival) / 2 - actual) / scale, 1e6)::decimal(28, 9))::double as both
from compared
