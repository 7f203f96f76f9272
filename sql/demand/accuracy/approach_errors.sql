-- grain: one row per approach: its backtest error over products at the planning lags (METHODS 3)
select
    approach,
    count(*) as n,
    sum(abs(forecast - actual))::double / nullif(sum(abs(actual)), 0)::double as wmape,
    sum(forecast - actual)::double / nullif(sum(abs(actual)), 0)::double as bias
from forecast_backtest
where level = 'product' and list_contains($lags::bigint[], lag)
group by approach
order by approach
