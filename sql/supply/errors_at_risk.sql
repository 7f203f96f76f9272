-- grain: one row per product with a backtest: forecast errors, one month and summed over lead time and review
-- METHODS 6: the lags are those of the months until an order of the next review has come;
-- error = actual - forecast here: what stock has to bear is demand above the forecast
-- reads: forecast_backtest, stock_policy
-- binds: $approach varchar
with errors as (
    select
        forecast_backtest.item_id as product_id,
        forecast_backtest.origin,
        forecast_backtest.lag,
        stock_policy.risk_months,
        forecast_backtest.actual - forecast_backtest.forecast as error
    from forecast_backtest
    inner join stock_policy on forecast_backtest.item_id = stock_policy.product_id
    where
        forecast_backtest.level = 'product'
        and forecast_backtest.approach = $approach
        and forecast_backtest.lag < stock_policy.risk_months
),

months as (
    select
        product_id,
        count(*) as months,
        sum(error::decimal(38, 4) * error) as squares
    from errors
    group by all
),

sums as (
    select
        product_id,
        origin,
        sum(error) as error
    from errors
    group by product_id, origin, risk_months
    having count(*) = risk_months
),

summed as (
    select
        product_id,
        count(*) as origins,
        list_sort(list(error)) as errors
    from sums
    group by all
)

select
    months.product_id,
    months.months,
    (months.squares / months.months)::double as mean_square,
    coalesce(summed.origins, 0) as origins,
    summed.errors::double[] as errors,
    (summed.errors[ceil((summed.origins + 1) * stock_policy.service_level)::integer])::double as risk_quantile
from months
inner join stock_policy on months.product_id = stock_policy.product_id
left join summed on months.product_id = summed.product_id
order by months.product_id
