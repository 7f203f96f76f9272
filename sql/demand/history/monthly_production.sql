-- grain: one row per product and month with output before the cut-off
-- reads: production
-- binds: $cutoff date
select
    product_id,
    date_trunc('month', date)::date as month,
    sum(quantity)::decimal(28, 4) as quantity
from production
where
    date < $cutoff
    and coalesce(recorded_on, date) < $cutoff
    and quantity <> 0
group by product_id, month
order by product_id, month
