-- grain: one row per level and item whose external forecasts have met at least `fewest_ranged` months: P10, P50 and P90
-- of what came as a share of what was forecast, over all lags that have come, up to `to_lag`
-- reads: external_backtest
-- binds: $fewest_ranged bigint
select
    level,
    item_id,
    max(lag) as to_lag,
    quantile_cont(actual::double / forecast::double, 0.1) as low,
    quantile_cont(actual::double / forecast::double, 0.5) as middle,
    quantile_cont(actual::double / forecast::double, 0.9) as high
from external_backtest
where is_external and forecast > 0
group by level, item_id
having count(distinct month) >= $fewest_ranged::bigint
order by level, item_id
