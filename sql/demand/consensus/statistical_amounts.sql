-- grain: one row per product and month: the chosen statistical forecast, before anybody changed it
-- reads: forecast, product_lifecycle
select
    forecast.item_id as product_id,
    lifecycle.family,
    forecast.month,
    forecast.mean as statistical,
    forecast.mean as amount,
    lifecycle.status in ('active', 'new', 'phase_out')
    or (lifecycle.status = 'launching' and forecast.month >= lifecycle.launch_month) as can_sell
from forecast
inner join product_lifecycle as lifecycle on forecast.item_id = lifecycle.product_id
where forecast.chosen and forecast.level = 'product'
order by product_id, forecast.month
