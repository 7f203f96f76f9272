-- grain: one row per product with a sale or, where it has none, output before the cut-off
-- signal (METHODS 2): sales; production for products without sales; or one of the two for all
-- reads: sales, production
-- binds: $cutoff date, $signal varchar
with sold as (
    select
        product_id,
        min(date) as first_day,
        max(date) as last_day
    from sales
    where
        date < $cutoff
        and coalesce(recorded_on, date) < $cutoff
        and quantity <> 0
        and $signal <> 'production'
    group by product_id
),

made as (
    select
        product_id,
        min(date) as first_day,
        max(date) as last_day
    from production
    where
        date < $cutoff
        and coalesce(recorded_on, date) < $cutoff
        and quantity <> 0
        and $signal <> 'sales'
        and product_id not in (select product_id from sold)
    group by product_id
)

select
    product_id,
    date_trunc('month', first_day)::date as first_month,
    date_trunc('month', last_day)::date as last_month,
    'sales' as signal
from sold
union all
select
    product_id,
    date_trunc('month', first_day)::date as first_month,
    date_trunc('month', last_day)::date as last_month,
    'production' as signal
from made
order by product_id
