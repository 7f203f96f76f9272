-- grain: one row per dimension, market, family and lag; family 'all' is the market over its families
-- the families' backtest in the approach in use, split by the shares known at each origin, against what the market took
-- reads: forecast_backtest, market_shares, level_units, market_history
-- binds: $approach varchar, $lags bigint[]
with forecasts as (
    select
        shares.dimension,
        shares.market,
        shares.family,
        backtest.lag,
        (backtest.forecast::double * shares.share)::decimal(28, 4) as forecast,
        coalesce(history.quantity, 0) as actual,
        units.unit_of_measure,
        units.company_unit,
        units.company_equivalent
    from forecast_backtest as backtest
    inner join market_shares as shares on backtest.origin = shares.origin and backtest.item_id = shares.family
    inner join level_units as units on units.level = 'family' and backtest.item_id = units.item_id
    left join market_history as history
        on
            shares.dimension = history.dimension
            and shares.market = history.market
            and shares.family = history.family
            and backtest.month = history.month
    where
        backtest.level = 'family'
        and backtest.approach = $approach
        and coalesce(backtest.is_judged, true)
        and list_contains($lags::bigint[], backtest.lag)
),

summed as (
    select
        dimension,
        market,
        coalesce(family, 'all') as family,
        lag,
        count(*) as n,
        if(
            grouping(family) = 1,
            sum(abs(forecast - actual) * company_equivalent)::double,
            sum(abs(forecast - actual))::double
        ) as absolute,
        if(
            grouping(family) = 1,
            sum((forecast - actual) * company_equivalent)::double,
            sum(forecast - actual)::double
        ) as signed,
        if(grouping(family) = 1, sum(abs(actual) * company_equivalent)::double, sum(abs(actual))::double) as actual,
        if(grouping(family) = 1, any_value(company_unit), any_value(unit_of_measure)) as unit_of_measure
    from forecasts
    group by grouping sets ((dimension, market, lag), (dimension, market, family, lag))
)

select
    dimension,
    market,
    family,
    lag,
    n,
    wmape(absolute, actual) as wmape,
    bias(signed, actual) as bias,
    unit_of_measure
from summed
order by dimension, market, family, lag
