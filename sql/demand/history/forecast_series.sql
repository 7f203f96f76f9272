-- grain: one row per product that is forecast, and month of history: what the forecasting engine takes
-- products that have ended, and those without any history, are left out; months are made equal in working days where
-- demand follows them (no factors otherwise), and units where products are counted in several (no weights otherwise)
-- reads: demand_history, product_lifecycle, working_day_factors, series_weights
select
    history.product_id as unique_id,
    history.month,
    (history.cleansed::double / coalesce(factors.factor, 1) * coalesce(weights.weight, 1))::decimal(28, 4) as y
from demand_history as history
inner join product_lifecycle as lifecycle on history.product_id = lifecycle.product_id
left join working_day_factors as factors on history.month = factors.month
left join series_weights as weights on history.product_id = weights.product_id
where lifecycle.status not in ('ended', 'never_sold')
order by history.product_id, history.month
