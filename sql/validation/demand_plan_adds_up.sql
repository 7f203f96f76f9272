-- grain: one row per product and month whose parts do not add up
-- reads: demand_adjustments, demand_plan
with streams as (
    select
        product_id,
        month,
        sum(change) as change
    from demand_adjustments
    group by all
)

select
    demand_plan.product_id,
    demand_plan.month,
    demand_plan.statistical,
    demand_plan.adjustment,
    coalesce(streams.change, 0) as streams,
    demand_plan.quantity
from demand_plan
left join streams on demand_plan.product_id = streams.product_id and demand_plan.month = streams.month
where
    demand_plan.statistical + demand_plan.adjustment <> demand_plan.quantity
    or demand_plan.adjustment <> coalesce(streams.change, 0)
order by all
