-- grain: one row per approach: its backtest error over products at the planning lags (METHODS 3)
-- over the same months at every lag; products of several units count in the company's unit; where it has none, the
-- mean over its units is taken
-- reads: forecast_backtest, demand_units
-- binds: $lags bigint[]
with by_unit as (
    select
        backtest.approach,
        count(*) as n,
        wmape(
            sum(abs(backtest.forecast - backtest.actual) * coalesce(units.company_equivalent, 1))::double,
            sum(abs(backtest.actual) * coalesce(units.company_equivalent, 1))::double
        ) as wmape,
        bias(
            sum((backtest.forecast - backtest.actual) * coalesce(units.company_equivalent, 1))::double,
            sum(abs(backtest.actual) * coalesce(units.company_equivalent, 1))::double
        ) as bias
    from forecast_backtest as backtest
    left join demand_units as units on backtest.item_id = units.product_id
    where
        backtest.level = 'product'
        and coalesce(backtest.is_judged, true)
        and list_contains($lags::bigint[], backtest.lag)
    group by backtest.approach, coalesce(units.company_unit, units.unit_of_measure)
)

select
    approach,
    sum(n)::bigint as n,
    sum(wmape::decimal(28, 6))::double / nullif(count(wmape), 0) as wmape,
    sum(bias::decimal(28, 6))::double / nullif(count(bias), 0) as bias
from by_unit
group by approach
order by approach
