-- grain: one row per product and month with a sale or a return before the cut-off
-- reads: sales
-- binds: $cutoff date
select
    product_id,
    date_trunc('month', date)::date as month,
    sum(quantity)::decimal(28, 4) as quantity,
    sum(case when quantity < 0 then -quantity else 0 end)::decimal(28, 4) as returned
from sales
where
    date < $cutoff
    and coalesce(recorded_on, date) < $cutoff
    and quantity <> 0
group by product_id, month
order by product_id, month
