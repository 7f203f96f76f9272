-- grain: one row per product and month with a sale before the cut-off; returns are netted, revenue is in the
-- reporting currency at the month's rate, and units without a revenue of their own are taken at the list price
-- reads: sales, exchange_rates, products
-- binds: $currency varchar, $cutoff date
with transactions as (
    select
        product_id,
        cast(date_trunc('month', date) as date) as month,
        coalesce(currency, $currency) as currency,
        quantity,
        revenue,
        case when revenue is null then quantity else 0 end as unvalued
    from sales
    where date < $cutoff
),

by_currency as (
    select
        product_id, month, currency,
        cast(sum(quantity) as decimal(18, 4)) as quantity,
        cast(sum(revenue) as decimal(18, 2)) as revenue,
        cast(sum(unvalued) as decimal(18, 4)) as unvalued,
        count_if(revenue is null) as rows_without_revenue
    from transactions
    group by product_id, month, currency
),

converted as (
    select
        b.product_id, b.quantity, b.month, b.rows_without_revenue,
        case
            when b.currency = $currency then coalesce(b.revenue, 0)
            else round(cast(coalesce(b.revenue, 0) as decimal(28, 2)) * coalesce(r.rate, 0), 2)
        end as stated,
        case
            when b.rows_without_revenue > 0 then round(cast(b.unvalued as decimal(28, 4)) * p.unit_price, 2)
            else 0
        end as at_list_price
    from by_currency as b
    left join exchange_rates as r on b.currency = r.currency and b.month = r.month
    left join products as p on b.product_id = p.product_id
)

select
    product_id, month,
    cast(sum(quantity) as decimal(18, 4)) as quantity,
    cast(
        case when bool_or(at_list_price is null) then null else sum(stated) + sum(at_list_price) end as decimal(18, 2)
    ) as revenue
from converted
group by product_id, month
