-- grain: one row per model, level and item that has past forecasts: its errors beside those of the statistical
-- forecast over the same cycles, lags and months
-- What the statistical forecast missed is of the products it forecast, what the other missed of the whole item: each of
-- what it spoke of. A month counts once however many lags it was forecast at: `gain` is the mean over months of how
-- much smaller the error was, and `standard_error` its own over months.
-- reads: figures_then, item_actuals, forecast_backtest
-- binds: $statistical varchar, $lags bigint[]
with compared as (
    select
        figures.model,
        figures.level,
        figures.item_id,
        figures.month,
        figures.mean - came.actual as error,
        backtest.forecast - backtest.actual as statistical_error,
        came.actual
    from figures_then as figures
    inner join forecast_backtest as backtest
        on
            backtest.approach = $statistical
            and figures.level = backtest.level
            and figures.item_id = backtest.item_id
            and figures.origin = backtest.origin
            and figures.month = backtest.month
    inner join item_actuals as came
        on figures.level = came.level and figures.item_id = came.item_id and figures.month = came.month
    where
        not figures.is_plan
        and coalesce(backtest.is_judged, true)
        and list_contains($lags::bigint[], backtest.lag)
),

by_month as (
    select
        model,
        level,
        item_id,
        month,
        count(*) as n,
        sum(error) as error,
        sum(abs(error)) as absolute,
        sum(abs(statistical_error)) as statistical_absolute,
        sum(abs(actual)) as actual,
        (sum(abs(statistical_error)) - sum(abs(error)))::double / count(*) as gain
    from compared
    group by model, level, item_id, month
),

gathered as (
    select
        model,
        level,
        item_id,
        sum(n)::bigint as n,
        count(*) as months,
        wmape(sum(absolute)::double, sum(actual)::double) as wmape,
        bias(sum(error)::double, sum(actual)::double) as bias,
        wmape(sum(statistical_absolute)::double, sum(actual)::double) as statistical_wmape,
        list(gain order by month) as gains
    from by_month
    group by model, level, item_id
)

select
    * exclude (gains),
    list_avg(gains) as gain,
    list_stddev_samp(gains) / sqrt(months) as standard_error
from gathered
order by model, level, item_id
