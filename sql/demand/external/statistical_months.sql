-- grain: one row per run, product that sells and month: its statistical forecast, of which the shares are
-- reads: forecast, forecast_backtest, external_runs, demand_units, product_lifecycle
-- binds: $statistical varchar
-- meant: cross join with the one run of the plan
with made as (
    select
        runs.origin,
        forecast.item_id as product_id,
        forecast.month,
        forecast.mean
    from forecast
    cross join external_runs as runs
    where runs.is_plan and forecast.level = 'product' and forecast.approach = $statistical
    union all
    select
        backtest.origin,
        backtest.item_id as product_id,
        backtest.month,
        backtest.forecast as mean
    from forecast_backtest as backtest
    inner join external_runs as runs on backtest.origin = runs.origin and not runs.is_plan
    where backtest.level = 'product' and backtest.approach = $statistical
)

select
    made.origin,
    made.product_id,
    units.family,
    made.month,
    greatest(made.mean, 0) as mean,
    units.family_equivalent,
    units.company_equivalent
from made
inner join demand_units as units on made.product_id = units.product_id
inner join product_lifecycle as lifecycle on made.product_id = lifecycle.product_id
where lifecycle.status in ('active', 'new', 'phase_out')
order by made.origin, made.product_id, made.month
