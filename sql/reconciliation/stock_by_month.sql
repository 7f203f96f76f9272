-- grain: one row per product and month with a count before the cut-off: each site's last count of the month, added up
-- reads: inventory
-- binds: $cutoff date
with last_counts as (
    select
        product_id,
        site_id,
        date_trunc('month', date)::date as month,
        arg_max(on_hand, date) as on_hand
    from inventory
    where date < $cutoff
    group by all
)

select
    product_id,
    month,
    sum(on_hand)::decimal(28, 4) as on_hand
from last_counts
group by product_id, month
