-- grain: one row per foreign currency and month that has revenue before the cut-off and no exchange rate
-- reads: sales, exchange_rates
-- binds: $cutoff date, $currency varchar
with foreign_revenue as (
    select distinct currency, cast(date_trunc('month', date) as date) as month
    from sales
    where date < $cutoff and revenue is not null and currency is not null and currency <> $currency
)

select f.currency, f.month
from foreign_revenue as f
left join exchange_rates as r on f.currency = r.currency and f.month = r.month
where r.rate is null
order by f.month, f.currency
