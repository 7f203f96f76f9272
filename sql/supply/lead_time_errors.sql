-- grain: one row per product with a backtest: forecast errors, one month and summed over the lead time (METHODS 6)
-- error = actual - forecast here: what stock has to bear is demand above the forecast
-- reads: forecast_backtest, stock_policy
-- binds: $approach varchar
with errors as (
    select b.item_id as product_id, b.origin, b.lag, p.lead_months, b.actual - b.forecast as error
    from forecast_backtest as b
    inner join stock_policy as p on b.item_id = p.product_id
    where b.level = 'product' and b.approach = $approach and b.lag < p.lead_months
),

months as (
    select
        product_id,
        count(*) as months,
        sum(cast(error as decimal(38, 4)) * error) as squares
    from errors
    group by all
),

sums as (
    select product_id, origin, sum(error) as error
    from errors
    group by product_id, origin, lead_months
    having count(*) = lead_months
),

summed as (
    select product_id, count(*) as origins, list_sort(list(error)) as errors from sums group by all
)

select
    m.product_id,
    m.months,
    cast(m.squares / m.months as double) as mean_square,
    coalesce(s.origins, 0) as origins,
    cast(s.errors[cast(ceil((s.origins + 1) * p.service_level) as integer)] as double) as lead_time_quantile
from months as m
inner join stock_policy as p on m.product_id = p.product_id
left join summed as s on m.product_id = s.product_id
order by m.product_id
