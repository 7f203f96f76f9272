-- grain: one row per foreign currency and month that has revenue before the cut-off and no exchange rate
-- reads: sales, exchange_rates
-- binds: $cutoff date, $currency varchar
with foreign_revenue as (
    select distinct
        currency,
        date_trunc('month', date)::date as month
    from sales
    where date < $cutoff and revenue is not null and currency is not null and currency <> $currency
)

select
    foreign_revenue.currency,
    foreign_revenue.month
from foreign_revenue
left join exchange_rates
    on
        foreign_revenue.currency = exchange_rates.currency
        and foreign_revenue.month = exchange_rates.month
where exchange_rates.rate is null
order by foreign_revenue.month, foreign_revenue.currency
