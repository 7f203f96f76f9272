-- grain: one row per product and month whose parts do not add up
-- reads: demand_adjustments, demand_plan
with streams as (
    select product_id, month, sum(change) as change
    from demand_adjustments
    group by all
)

select d.product_id, d.month, d.statistical, d.adjustment, coalesce(s.change, 0) as streams, d.quantity
from demand_plan as d
left join streams as s on d.product_id = s.product_id and d.month = s.month
where d.statistical + d.adjustment <> d.quantity or d.adjustment <> coalesce(s.change, 0)
order by all
