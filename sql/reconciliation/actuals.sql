-- grain: one row per product and month of history in which something was sold, made or counted, or should have been
-- A product that has no sales at all takes its production less the change of its stock as sales (METHODS 2).
-- Where the data end early, the days without data are forecast: what demand is cleansed to, less what is recorded, at
-- the last year's price. Output and stock of months that their own data do not reach the end of are not known.
-- reads: production, sold = sold_by_month, stock = stock_by_month, products, product_lifecycle, demand_history
-- reads: data_freshness
-- binds: $cutoff date
-- meant: every month with the one row that says from where production is not known
-- meant: every month with the one row that says from where stock is not known
with rest as (
    select
        product_id,
        month,
        greatest(cleansed - quantity - coalesce(inherited, 0), 0)::decimal(28, 4) as quantity
    from demand_history
    where flag = 'partial_month' and coverage in ('data_end', 'no_data_after')
),

unknown as (
    select
        data_freshness.table as source,
        date_trunc('month', covered_to + interval 1 day)::date as first_month
    from data_freshness
    where status <> 'fresh'
),

prices as (
    select
        product_id,
        sum(revenue)::double / sum(quantity)::double as price
    from sold
    where month >= $cutoff - interval 13 month and revenue is not null
    group by product_id
    having sum(quantity) > 0
),

made as (
    select
        product_id,
        date_trunc('month', date)::date as month,
        sum(quantity)::decimal(28, 4) as quantity
    from production
    where date < $cutoff
    group by all
),

product_months as (
    select
        product_id,
        month
    from sold
    union
    select
        product_id,
        month
    from made
    union
    select
        product_id,
        month
    from stock
    union
    select
        product_id,
        month
    from rest
    where quantity > 0
),

recorded as (
    select
        product_months.product_id,
        product_months.month,
        sold.quantity as sold,
        sold.revenue,
        case
            when product_months.product_id in (select product_id from made) then coalesce(made.quantity, 0)
        end as output,
        stock.on_hand as inventory,
        coalesce(stock.on_hand - before.on_hand, 0) as stock_change,
        product_months.product_id in (select product_id from sold) as has_sales
    from product_months
    left join sold on product_months.product_id = sold.product_id and product_months.month = sold.month
    left join made on product_months.product_id = made.product_id and product_months.month = made.month
    left join stock on product_months.product_id = stock.product_id and product_months.month = stock.month
    left join stock as before
        on
            product_months.product_id = before.product_id
            and product_months.month = before.month + interval 1 month
),

units as (
    select
        product_id,
        month,
        output,
        inventory,
        has_sales,
        case
            when has_sales then coalesce(sold, 0)
            else coalesce(output - stock_change, 0)
        end::decimal(28, 4) as sales_recorded,
        case when has_sales then (case when sold is null then 0 else revenue end) end as stated_revenue
    from recorded
),

valued as (
    select
        units.product_id,
        units.month,
        (units.sales_recorded + coalesce(rest.quantity, 0))::decimal(28, 4) as sales,
        coalesce(rest.quantity, 0) as sales_estimated,
        if(units.month >= unknown_output.first_month, null, units.output) as output,
        if(units.month >= unknown_stock.first_month, null, units.inventory) as inventory,
        products.standard_cost,
        coalesce(product_lifecycle.family, products.family, 'no family') as family,
        (case
            when units.has_sales
                then units.stated_revenue
            else round(units.sales_recorded::decimal(28, 4) * products.unit_price, 2)
        end + if(
            coalesce(rest.quantity, 0) = 0,
            0,
            round(rest.quantity::double * coalesce(prices.price, products.unit_price::double), 2)
        )::decimal(28, 2))::decimal(28, 2) as revenue
    from units
    left join rest on units.product_id = rest.product_id and units.month = rest.month
    left join prices on units.product_id = prices.product_id
    left join unknown as unknown_output on unknown_output.source = 'production'
    left join unknown as unknown_stock on unknown_stock.source = 'inventory'
    left join products on units.product_id = products.product_id
    left join product_lifecycle on units.product_id = product_lifecycle.product_id
)

select
    product_id,
    family,
    month,
    sales,
    sales_estimated,
    output,
    inventory,
    revenue,
    revenue - round(sales::decimal(28, 4) * standard_cost, 2) as margin,
    round(inventory::decimal(28, 4) * standard_cost, 2) as inventory_value
from valued
