-- grain: one row per product and month of history in which something was sold, made or counted
-- A product that has no sales at all takes its production less the change of its stock as sales (METHODS 2).
-- reads: production, sold = sold_by_month, stock = stock_by_month, products, product_lifecycle
-- binds: $cutoff date
with made as (
    select
        product_id,
        date_trunc('month', date)::date as month,
        sum(quantity)::decimal(18, 4) as quantity
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
        end::decimal(18, 4) as sales,
        case when has_sales then (case when sold is null then 0 else revenue end) end as stated_revenue
    from recorded
),

valued as (
    select
        units.product_id,
        units.month,
        units.sales,
        units.output,
        units.inventory,
        products.standard_cost,
        coalesce(product_lifecycle.family, products.family, 'no family') as family,
        case
            when units.has_sales
                then units.stated_revenue
            else round(units.sales::decimal(28, 4) * products.unit_price, 2)
        end::decimal(18, 2) as revenue
    from units
    left join products on units.product_id = products.product_id
    left join product_lifecycle on units.product_id = product_lifecycle.product_id
)

select
    product_id,
    family,
    month,
    sales,
    output,
    inventory,
    revenue,
    revenue - round(sales::decimal(28, 4) * standard_cost, 2) as margin,
    round(inventory::decimal(28, 4) * standard_cost, 2) as inventory_value
from valued
