-- grain: one row per product and month, from its first month to the last actual one, zeros filled in
-- output less the change of stock where stock of both month ends is known, else output (METHODS 2)
with
spine as (
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
        lag(month) over (partition by product_id order by month) = (month - interval 1 month)::date as follows,
        lag(sites) over (partition by product_id order by month) = sites as same_sites,
        lag(closing) over (partition by product_id order by month) as opening
    from monthly_stock
)

select
    spine.product_id,
    heirs.heir_id,
    lifecycle.family,
    spine.month,
    spine.signal,
    case
        when spine.signal = 'sales' then coalesce(sold.quantity, 0)
        when stock.follows and stock.same_sites then coalesce(made.quantity, 0) - (stock.closing - stock.opening)
        else coalesce(made.quantity, 0)
    end::decimal(18, 4) as quantity,
    case when spine.signal = 'sales' then coalesce(sold.returned, 0) else 0 end::decimal(18, 4) as returned,
    case when stock.follows then least(stock.lowest, stock.opening) else stock.lowest end as lowest_stock,
    lifecycle.status = 'ended' and spine.month > lifecycle.last_month as is_over
from spine
inner join heirs on spine.product_id = heirs.product_id
inner join product_lifecycle as lifecycle on spine.product_id = lifecycle.product_id
left join monthly_sales as sold on spine.product_id = sold.product_id and spine.month = sold.month
left join monthly_production as made on spine.product_id = made.product_id and spine.month = made.month
left join stock on spine.product_id = stock.product_id and spine.month = stock.month
order by spine.product_id, spine.month
