-- grain: one row per product and month whose stock does not balance, or does not open as the month before closed
-- reads: production_schedule
with chained as (
    select
        *,
        lag(inventory - backlog) over (partition by product_id order by month) as net_before
    from production_schedule
)

select
    product_id,
    month,
    opening_stock,
    opening_backlog,
    output,
    subcontract,
    demand,
    lost_sales,
    inventory,
    backlog
from chained
where
    opening_stock - opening_backlog + output + subcontract <> demand - lost_sales + inventory - backlog
    or coalesce(net_before, opening_stock - opening_backlog) <> opening_stock - opening_backlog
order by all
