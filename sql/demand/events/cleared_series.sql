-- grain: one row per product that is forecast, and month of history: demand without what events did to it
-- reads: whole_series, event_factors
select
    series.unique_id,
    series.month,
    (series.y::double / coalesce(factors.factor, 1))::decimal(28, 4) as y
from whole_series as series
left join event_factors as factors
    on series.unique_id = factors.product_id and series.month = factors.month and factors.origin is null
order by series.unique_id, series.month
