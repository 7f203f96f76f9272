-- grain: one row per product and month with a sale before the cut-off; returns are netted, revenue is in the
-- reporting currency at the month's rate, and units without a revenue of their own are taken at the list price
-- reads: sales, exchange_rates, products
-- binds: $currency varchar, $cutoff date
with transactions as (
    select
        product_id,
        date_trunc('month', date)::date as month,
        coalesce(currency, $currency) as currency,
        quantity,
        revenue,
        case when revenue is null then quantity else 0 end as unvalued
    from sales
    where date < $cutoff
),

by_currency as (
    select
        product_id,
        month,
        currency,
        sum(quantity)::decimal(28, 4) as quantity,
        sum(revenue)::decimal(28, 2) as revenue,
        sum(unvalued)::decimal(28, 4) as unvalued,
        count_if(revenue is null) as rows_without_revenue
    from transactions
    group by product_id, month, currency
),

converted as (
    select
        by_currency.product_id,
        by_currency.quantity,
        by_currency.month,
        by_currency.rows_without_revenue,
        case
            when by_currency.currency = $currency
                then coalesce(by_currency.revenue, 0)
            else round(coalesce(by_currency.revenue, 0)::decimal(28, 2) * coalesce(exchange_rates.rate, 0), 2)
        end as stated,
        case
            when by_currency.rows_without_revenue > 0
                then round(by_currency.unvalued::decimal(28, 4) * products.unit_price, 2)
            else 0
        end as at_list_price
    from by_currency
    left join exchange_rates
        on
            by_currency.currency = exchange_rates.currency
            and by_currency.month = exchange_rates.month
    left join products on by_currency.product_id = products.product_id
)

select
    product_id,
    month,
    sum(quantity)::decimal(28, 4) as quantity,
    case
        when bool_or(at_list_price is null) then null
        else sum(stated) + sum(at_list_price)
    end::decimal(28, 2) as revenue
from converted
group by product_id, month
