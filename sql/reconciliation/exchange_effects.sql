-- grain: one row per reference, fiscal year and family with sales in another currency: what its rates bring more
-- Of a month that came: sales in the other currency x (rate - rate of the reference). Of a planned month, whose price
-- is what was realised in the last 12 months: revenue x share of the currency x (1 - rate of the reference / rate of
-- those months); a price stated in a price list holds no rate. The business plan's rate is its plan_rate, else that of
-- the same month a year before; last year's is that. Of last year's reference only products sold in both years count.
-- reads: fiscal_months, sales, exchange_rates, product_view, sales_plan, planned_prices, year_products
-- binds: $currency varchar, $cutoff date
-- meant: every month ahead with each of the few currencies
with currencies as (
    select distinct currency
    from exchange_rates
),

sold as (
    select
        sales.product_id,
        date_trunc('month', sales.date)::date as month,
        sales.currency,
        sum(sales.revenue)::decimal(28, 2) as revenue
    from sales
    where
        sales.date < $cutoff
        and sales.revenue is not null
        and coalesce(sales.currency, $currency) <> $currency
    group by all
),

rates as (
    select
        exchange_rates.currency,
        exchange_rates.month,
        exchange_rates.rate,
        a_year_before.rate as last_year,
        coalesce(exchange_rates.plan_rate, a_year_before.rate) as business_plan
    from exchange_rates
    left join exchange_rates as a_year_before
        on
            exchange_rates.currency = a_year_before.currency
            and exchange_rates.month = a_year_before.month + interval 1 year
),

realised as (
    select
        product_id,
        sum(revenue)::double as revenue
    from product_view
    where month >= $cutoff - interval 12 month and month < $cutoff
    group by product_id
    having sum(revenue) > 0
),

compared as (
    select distinct
        fiscal_months.reference,
        fiscal_months.fiscal_year,
        fiscal_months.month,
        year_products.product_id,
        year_products.family
    from fiscal_months
    inner join year_products
        on
            fiscal_months.reference = year_products.reference
            and fiscal_months.fiscal_year = year_products.fiscal_year
    where
        year_products.side = 'now'
        and year_products.units > 0
        and (
            fiscal_months.reference = 'business_plan'
            or (year_products.fiscal_year, year_products.product_id) in (
                select (before.fiscal_year, before.product_id)
                from year_products as before
                where before.reference = 'last_year' and before.side = 'before' and before.units > 0
            )
        )
),

months_ahead as (
    select distinct month
    from compared
    where month >= $cutoff
),

planned_rates as (
    select
        compared_months.month,
        currencies.currency,
        planned.plan_rate,
        a_year_before.rate as last_year
    from months_ahead as compared_months
    cross join currencies
    left join exchange_rates as planned
        on currencies.currency = planned.currency and compared_months.month = planned.month
    left join exchange_rates as a_year_before
        on
            currencies.currency = a_year_before.currency
            and compared_months.month = a_year_before.month + interval 1 year
),

came as (
    select
        compared.reference,
        compared.fiscal_year,
        compared.family,
        round(sold.revenue * rates.rate, 2) - round(
            sold.revenue * if(compared.reference = 'business_plan', rates.business_plan, rates.last_year), 2
        ) as amount
    from compared
    inner join sold on compared.product_id = sold.product_id and compared.month = sold.month
    inner join rates on sold.currency = rates.currency and sold.month = rates.month
),

held as (
    select
        sold.product_id,
        sold.currency,
        sum(sold.revenue * rates.rate)::double / any_value(realised.revenue) as share,
        sum(sold.revenue * rates.rate)::double / sum(sold.revenue)::double as rate
    from sold
    inner join rates on sold.currency = rates.currency and sold.month = rates.month
    inner join realised on sold.product_id = realised.product_id
    where sold.month >= $cutoff - interval 12 month
    group by sold.product_id, sold.currency
    having sum(sold.revenue) > 0
),

to_come as (
    select
        compared.reference,
        compared.fiscal_year,
        compared.family,
        round(
            sales_plan.revenue::double * held.share * (
                1 - if(
                    compared.reference = 'business_plan',
                    coalesce(planned_rates.plan_rate, planned_rates.last_year),
                    planned_rates.last_year
                )::double / held.rate
            ),
            2
        )::decimal(28, 2) as amount
    from compared
    inner join sales_plan on compared.product_id = sales_plan.product_id and compared.month = sales_plan.month
    inner join held on compared.product_id = held.product_id
    inner join planned_rates on held.currency = planned_rates.currency and compared.month = planned_rates.month
    left join planned_prices
        on compared.product_id = planned_prices.product_id and compared.month = planned_prices.month
    where coalesce(planned_prices.source, '') <> 'price_list'
),

every_effect as (
    select * from came
    union all
    select * from to_come
)

select
    reference,
    fiscal_year,
    family,
    sum(coalesce(amount, 0))::decimal(28, 2) as amount
from every_effect
group by reference, fiscal_year, family
