-- grain: one row per product and month whose backlog is not what its open lines say
-- the table adds up bookings and shipments from month to month; here the lines that are open at a month's end count
-- reads: order_book, orders
-- binds: $cutoff date
with lines as (
    select
        product_id,
        least(coalesce(ordered_on, requested_on), requested_on, coalesce(shipped_on, requested_on)) as booked_on,
        shipped_on,
        quantity,
        case when shipped_on is null then coalesce(quantity_shipped, 0) else 0 end as part_shipped
    from orders
),

counted as (
    select
        order_book.product_id,
        order_book.month,
        sum(
            lines.quantity
            - case when order_book.month + interval 1 month >= $cutoff then lines.part_shipped else 0 end
        ) as open_units
    from order_book
    inner join lines on order_book.product_id = lines.product_id
    where
        lines.booked_on < order_book.month + interval 1 month
        and coalesce(lines.shipped_on >= order_book.month + interval 1 month, true)
    group by order_book.product_id, order_book.month
)

select
    order_book.product_id,
    order_book.month,
    order_book.closing_backlog,
    coalesce(counted.open_units, 0) as open_units,
    order_book.opening_backlog + order_book.bookings - order_book.shipments - order_book.closing_backlog as missing
from order_book
left join counted on order_book.product_id = counted.product_id and order_book.month = counted.month
where
    order_book.closing_backlog <> coalesce(counted.open_units, 0)
    or order_book.opening_backlog + order_book.bookings - order_book.shipments <> order_book.closing_backlog
