-- grain: one row per product and month of history in which something was sold, made or counted
-- A product that has no sales at all takes its production less the change of its stock as sales (METHODS 2).
-- reads: production, sold = sold_by_month, stock = stock_by_month, products, product_lifecycle
-- binds: $cutoff date
with made as (
    select
        product_id,
        cast(date_trunc('month', date) as date) as month,
        cast(sum(quantity) as decimal(18, 4)) as quantity
    from production
    where date < $cutoff
    group by all
),

product_months as (
    select product_id, month from sold
    union
    select product_id, month from made
    union
    select product_id, month from stock
),

recorded as (
    select
        m.product_id, m.month,
        sold.quantity as sold,
        sold.revenue as revenue,
        case when m.product_id in (select product_id from made) then coalesce(made.quantity, 0) end as output,
        stock.on_hand as inventory,
        coalesce(stock.on_hand - before.on_hand, 0) as stock_change,
        m.product_id in (select product_id from sold) as has_sales
    from product_months as m
    left join sold on m.product_id = sold.product_id and m.month = sold.month
    left join made on m.product_id = made.product_id and m.month = made.month
    left join stock on m.product_id = stock.product_id and m.month = stock.month
    left join stock as before
        on m.product_id = before.product_id and m.month = before.month + interval 1 month
),

units as (
    select
        product_id, month, output, inventory, has_sales,
        cast(
            case when has_sales then coalesce(sold, 0) else coalesce(output - stock_change, 0) end as decimal(18, 4)
        ) as sales,
        case when has_sales then (case when sold is null then 0 else revenue end) end as stated_revenue
    from recorded
),

valued as (
    select
        u.product_id, u.month, u.sales, u.output, u.inventory, p.standard_cost,
        coalesce(l.family, p.family, 'no family') as family,
        cast(
            case
                when u.has_sales then u.stated_revenue
                else round(cast(u.sales as decimal(28, 4)) * p.unit_price, 2)
            end as decimal(18, 2)
        ) as revenue
    from units as u
    left join products as p on u.product_id = p.product_id
    left join product_lifecycle as l on u.product_id = l.product_id
)

select
    product_id, family, month, sales, output, inventory, revenue,
    revenue - round(cast(sales as decimal(28, 4)) * standard_cost, 2) as margin,
    round(cast(inventory as decimal(28, 4)) * standard_cost, 2) as inventory_value
from valued
