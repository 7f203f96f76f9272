-- grain: one row per dimension, market and product: the market's share in what the product's customers ask for
-- Channels and regions have their family's shares of the demand plan; customers those of the product's last 12 months.
-- reads: market_forecast, sales, sales_plan
-- binds: $cutoff date
with planned as (
    select distinct
        product_id,
        family
    from sales_plan
),

bought as (
    select
        product_id,
        customer_id as market,
        sum(quantity)::double as quantity
    from sales
    where customer_id is not null and date < $cutoff and date >= ($cutoff - interval 12 month)
    group by product_id, customer_id
    having sum(quantity) > 0
),

of_markets as (
    select distinct
        dimension,
        market,
        family,
        share::double as share
    from market_forecast
)

select
    of_markets.dimension,
    of_markets.market,
    planned.product_id,
    of_markets.share
from planned
inner join of_markets on planned.family = of_markets.family
where of_markets.share > 0
union all
select
    'customer' as dimension,
    market,
    product_id,
    quantity / sum(quantity) over (partition by product_id) as share
from bought
where product_id in (select planned.product_id from planned)
