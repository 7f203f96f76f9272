-- grain: one row per product and month: what stands after a stream's changes
-- reads: amounts = statistical_amounts, changes = stream_changes
select
    amounts.product_id,
    amounts.family,
    amounts.month,
    amounts.statistical,
    amounts.can_sell,
    (amounts.amount + coalesce(changes.change, 0))::decimal(28, 4) as amount
from amounts
left join changes on amounts.product_id = changes.product_id and amounts.month = changes.month
order by amounts.product_id, amounts.month
