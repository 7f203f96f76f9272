-- grain: one row per planned product and month: its list price, what was realised of it, and the price planned
-- A price list holds from its month on, the product's before the family's. Else list price x realised share of the last
-- 12 months: the product's own where it sold in six of them, else its family's, else 1 (METHODS 6).
-- reads: demand_plan, products, sales, exchange_rates, price_list
-- binds: $cutoff date, $currency varchar
with planned as (
    select distinct
        product_id,
        family,
        month
    from demand_plan
),

sold as (
    select
        sales.product_id,
        date_trunc('month', sales.date) as month,
        sales.quantity,
        sales.revenue::decimal(28, 2) * case
            when coalesce(sales.currency, $currency) = $currency then 1 else coalesce(exchange_rates.rate, 0)
        end as revenue,
        sales.quantity::decimal(28, 4) * products.unit_price as at_list_price
    from sales
    inner join products on sales.product_id = products.product_id
    left join exchange_rates
        on sales.currency = exchange_rates.currency and date_trunc('month', sales.date) = exchange_rates.month
    where
        sales.date >= $cutoff - interval 12 month
        and sales.date < $cutoff
        and sales.revenue is not null
        and products.unit_price > 0
),

realised as (
    select
        product_id,
        sum(revenue) as revenue,
        sum(at_list_price) as at_list_price,
        count(distinct month) as months
    from sold
    group by product_id
),

planned_families as (
    select distinct
        product_id,
        family
    from planned
),

family_realised as (
    select
        planned_families.family,
        sum(realised.revenue)::double / nullif(sum(realised.at_list_price)::double, 0) as share
    from planned_families
    inner join realised on planned_families.product_id = realised.product_id
    group by planned_families.family
),

of_products as (
    select
        planned.product_id,
        planned.month,
        arg_max(price_list.unit_price, price_list.month) as unit_price
    from planned
    inner join price_list on planned.product_id = price_list.product_id and planned.month >= price_list.month
    group by planned.product_id, planned.month
),

of_families as (
    select
        planned.product_id,
        planned.month,
        arg_max(price_list.unit_price, price_list.month) as unit_price
    from planned
    inner join price_list on planned.family = price_list.family and planned.month >= price_list.month
    where price_list.product_id is null
    group by planned.product_id, planned.month
),

stated as (
    select
        planned.product_id,
        planned.month,
        coalesce(of_products.unit_price, of_families.unit_price) as unit_price
    from planned
    left join of_products on planned.product_id = of_products.product_id and planned.month = of_products.month
    left join of_families on planned.product_id = of_families.product_id and planned.month = of_families.month
),

shares as (
    select
        planned.product_id,
        planned.family,
        planned.month,
        products.unit_price as list_price,
        stated.unit_price as stated_price,
        case
            when realised.months >= 6 and realised.at_list_price > 0 and realised.revenue > 0
                then 'product'
            when family_realised.share > 0
                then 'family'
            else 'list'
        end as basis,
        case
            when realised.months >= 6 and realised.at_list_price > 0 and realised.revenue > 0
                then realised.revenue::double / realised.at_list_price::double
            when family_realised.share > 0
                then family_realised.share
            else 1
        end::decimal(28, 6) as share
    from planned
    left join products on planned.product_id = products.product_id
    left join realised on planned.product_id = realised.product_id
    left join family_realised on planned.family = family_realised.family
    left join stated on planned.product_id = stated.product_id and planned.month = stated.month
)

select
    product_id,
    family,
    month,
    list_price,
    case when stated_price is null and list_price is not null then share end as realised_share,
    coalesce(stated_price, round(list_price::decimal(28, 6) * share, 6))::decimal(28, 6) as unit_price,
    case
        when stated_price is not null then 'price_list' when list_price is not null then basis
    end as source
from shares
