-- grain: one row per strategy, item and month whose stock does not balance within the rounding of its eight parts
-- reads: aggregate_plan, planning_state
with opening as (
    select
        a.strategy, a.scenario, a.item_id, a.month, a.demand, a.output, a.subcontract, a.inventory, a.backlog,
        a.lost_sales,
        lag(a.inventory - a.backlog) over item_months as net_before,
        coalesce(s.opening_stock, 0) - coalesce(s.opening_backlog, 0) as net_at_start
    from aggregate_plan as a
    left join planning_state as s on a.item_id = s.product_id
    window item_months as (partition by a.strategy, a.scenario, a.item_id order by a.month)
),

balanced as (
    select
        *,
        coalesce(net_before, net_at_start) + output + subcontract - (demand - lost_sales + inventory - backlog)
            as difference
    from opening
)

select strategy, scenario, item_id, month, difference
from balanced
where abs(difference) > 0.0008
order by all
