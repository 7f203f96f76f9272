-- grain: one row per product and month, from its first month to the last actual one, zeros filled in
-- output less the change of stock where stock is known, else output (METHODS 2); months between two counts that nobody
-- counted share what left the stock in equal parts
-- reads: demand_signal, product_lifecycle, monthly_stock, monthly_production, heirs, monthly_asked
-- binds: $last_actual_month date
with spine as (
    select
        signal.product_id,
        signal.signal,
        unnest(
            generate_series(lifecycle.first_month, $last_actual_month::date, interval 1 month)
        )::date as month
    from demand_signal as signal
    inner join product_lifecycle as lifecycle on signal.product_id = lifecycle.product_id
),

stock as (
    select
        product_id,
        month,
        lowest,
        closing,
        lag(month) over by_month as last_count,
        lag(month) over by_month = (month - interval 1 month)::date as follows,
        lag(sites) over by_month = sites as same_sites,
        lag(closing) over by_month as opening
    from monthly_stock
    window by_month as (partition by product_id order by month)
),

-- one row per product and two counts of the same sites
between_counts as (
    select
        stock.product_id,
        greatest((stock.last_count + interval 1 month)::date, lifecycle.first_month) as first_month,
        stock.month as last_month,
        coalesce(sum(made.quantity), 0) - (stock.closing - stock.opening) as quantity
    from stock
    inner join product_lifecycle as lifecycle on stock.product_id = lifecycle.product_id
    left join monthly_production as made
        on stock.product_id = made.product_id and stock.last_count < made.month and stock.month >= made.month
    where stock.same_sites and stock.month >= lifecycle.first_month
    group by stock.product_id, stock.last_count, lifecycle.first_month, stock.month, stock.closing, stock.opening
),

netted as (
    select
        product_id,
        first_month,
        last_month,
        quantity,
        date_diff('month', first_month, last_month) + 1 as months
    from between_counts
)

select
    spine.product_id,
    heirs.heir_id,
    lifecycle.family,
    spine.month,
    case when spine.signal = 'sales' and sold.from_orders then 'orders' else spine.signal end as signal,
    case
        when spine.signal = 'sales' then coalesce(sold.quantity, 0)
        when netted.months = 1 then netted.quantity
        when netted.months > 1 then (netted.quantity::double / netted.months)::decimal(28, 4)
        else coalesce(made.quantity, 0)
    end::decimal(28, 4) as quantity,
    case when spine.signal = 'sales' then coalesce(sold.returned, 0) else 0 end::decimal(28, 4) as returned,
    case when stock.follows then least(stock.lowest, stock.opening) else stock.lowest end as lowest_stock,
    if(spine.signal = 'production', netted.months, null) as counted_over,
    lifecycle.status = 'ended' and spine.month > lifecycle.last_month as is_over
from spine
inner join heirs on spine.product_id = heirs.product_id
inner join product_lifecycle as lifecycle on spine.product_id = lifecycle.product_id
left join monthly_asked as sold on spine.product_id = sold.product_id and spine.month = sold.month
left join monthly_production as made on spine.product_id = made.product_id and spine.month = made.month
left join netted
    on spine.product_id = netted.product_id and spine.month between netted.first_month and netted.last_month
left join stock on spine.product_id = stock.product_id and spine.month = stock.month
order by spine.product_id, spine.month
