-- grain: one row per product and month, from its first order to the cut-off
-- backlog(t) = backlog(t-1) + bookings(t) - shipments(t) (METHODS 2). A line that is closed with less than was booked
-- takes the rest off the bookings of that month, one with more adds to them. What was shipped of a line that is still
-- open has no day of its own and counts in the last month.
-- reads: orders, product_lifecycle
-- binds: $cutoff date
with lines as (
    select
        product_id,
        quantity,
        requested_on,
        shipped_on,
        coalesce(quantity_shipped, case when shipped_on is null then 0 else quantity end) as shipped,
        least(coalesce(ordered_on, requested_on), requested_on, coalesce(shipped_on, requested_on)) as booked_on,
        date_diff('day', ordered_on, requested_on) as promised_days
    from orders
),

known as (
    select *
    from lines
    where booked_on < $cutoff
),

flows as (
    select
        product_id,
        date_trunc('month', booked_on)::date as month,
        quantity as booked,
        0 as shipped
    from known
    union all
    select
        product_id,
        date_trunc('month', shipped_on)::date as month,
        shipped - quantity as booked,
        shipped
    from known
    where shipped_on is not null
    union all
    select
        product_id,
        date_trunc('month', $cutoff::date - 1)::date as month,
        0 as booked,
        shipped
    from known
    where shipped_on is null and shipped <> 0
),

moved as (
    select
        product_id,
        month,
        sum(booked) as bookings,
        sum(shipped) as shipments
    from flows
    group by product_id, month
),

months as (
    select
        firsts.product_id,
        unnest(
            generate_series(firsts.month, date_trunc('month', $cutoff::date - 1)::date, interval 1 month)
        )::date as month
    from (
        select
            product_id,
            min(month) as month
        from moved
        group by product_id
    ) as firsts
),

promised as (
    select
        product_id,
        date_trunc('month', requested_on)::date as month,
        sum(quantity) as requested,
        count(*) as lines_due,
        count_if(shipped_on is not null and shipped_on <= requested_on and shipped >= quantity) as lines_in_full,
        sum(quantity::decimal(28, 4) * promised_days)
        / nullif(sum(case when promised_days is not null then quantity end), 0) as promised_days
    from known
    where requested_on < $cutoff
    group by product_id, date_trunc('month', requested_on)::date
),

booked as (
    select
        months.product_id,
        months.month,
        coalesce(moved.bookings, 0) as bookings,
        coalesce(moved.shipments, 0) as shipments,
        sum(coalesce(moved.bookings, 0) - coalesce(moved.shipments, 0))
            over (partition by months.product_id order by months.month) as closing_backlog
    from months
    left join moved on months.product_id = moved.product_id and months.month = moved.month
),

overdue as (
    select
        booked.product_id,
        booked.month,
        sum(
            known.quantity
            - case
                when known.shipped_on is null and booked.month + interval 1 month >= $cutoff then known.shipped else 0
            end
        ) as overdue
    from booked
    inner join known on booked.product_id = known.product_id
    where
        known.requested_on < booked.month + interval 1 month
        and coalesce(known.shipped_on >= booked.month + interval 1 month, true)
    group by booked.product_id, booked.month
)

select
    booked.product_id,
    product_lifecycle.family,
    booked.month,
    (booked.closing_backlog - booked.bookings + booked.shipments)::decimal(28, 4) as opening_backlog,
    booked.bookings::decimal(28, 4) as bookings,
    booked.shipments::decimal(28, 4) as shipments,
    booked.closing_backlog::decimal(28, 4) as closing_backlog,
    coalesce(overdue.overdue, 0)::decimal(28, 4) as overdue,
    coalesce(promised.requested, 0)::decimal(28, 4) as requested,
    coalesce(promised.lines_due, 0) as lines_due,
    coalesce(promised.lines_in_full, 0) as lines_in_full,
    round(promised.promised_days, 1) as promised_days
from booked
inner join product_lifecycle on booked.product_id = product_lifecycle.product_id
left join promised on booked.product_id = promised.product_id and booked.month = promised.month
left join overdue on booked.product_id = overdue.product_id and booked.month = overdue.month
