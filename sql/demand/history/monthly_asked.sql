-- grain: one row per product and month with demand: what was asked for of products made to order, else what was sold
-- An order counts in the month it was asked for, whenever it was shipped; what was sold counts before the first whole
-- month with orders on file (METHODS 2: bookings, shipments and backlog stay apart).
-- reads: monthly_sales, order_book
-- binds: $make_to_order varchar[]
with first_months as (
    select
        product_id,
        min(month) as month
    from order_book
    where list_contains($make_to_order, family)
    group by product_id
),

asked as (
    select
        order_book.product_id,
        order_book.month,
        order_book.requested as quantity
    from order_book
    inner join first_months on order_book.product_id = first_months.product_id
    where order_book.month > first_months.month
)

select
    product_id,
    month,
    quantity,
    0::decimal(28, 4) as returned,
    true as from_orders
from asked
union all
select
    monthly_sales.product_id,
    monthly_sales.month,
    monthly_sales.quantity,
    monthly_sales.returned,
    false as from_orders
from monthly_sales
left join first_months on monthly_sales.product_id = first_months.product_id
where coalesce(monthly_sales.month <= first_months.month, true)
