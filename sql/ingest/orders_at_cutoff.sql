-- grain: one row per order line as it stood at the cut-off: what was shipped on or after it was still open
-- reads: orders
-- binds: $cutoff date
select
    order_id,
    line,
    product_id,
    ordered_on,
    requested_on,
    case when shipped_on < $cutoff then shipped_on end as shipped_on,
    quantity,
    case when coalesce(shipped_on < $cutoff, true) then quantity_shipped else 0 end as quantity_shipped,
    recorded_on
from orders
