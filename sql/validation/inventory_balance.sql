-- grain: one row per strategy, item and month whose stock does not balance within the rounding of its eight parts
-- reads: aggregate_plan, planning_state
with opening as (
    select
        aggregate_plan.strategy,
        aggregate_plan.scenario,
        aggregate_plan.item_id,
        aggregate_plan.month,
        aggregate_plan.demand,
        aggregate_plan.output,
        aggregate_plan.subcontract,
        aggregate_plan.inventory,
        aggregate_plan.backlog,
        aggregate_plan.lost_sales,
        lag(aggregate_plan.inventory - aggregate_plan.backlog) over item_months as net_before,
        coalesce(planning_state.opening_stock, 0) - coalesce(planning_state.opening_backlog, 0) as net_at_start
    from aggregate_plan
    left join planning_state on aggregate_plan.item_id = planning_state.product_id
    window
        item_months as (
            partition by aggregate_plan.strategy, aggregate_plan.scenario, aggregate_plan.item_id
            order by aggregate_plan.month
        )
),

balanced as (
    select
        *,
        coalesce(net_before, net_at_start)
        + output
        + subcontract
        - (demand - lost_sales + inventory - backlog) as difference
    from opening
)

select
    strategy,
    scenario,
    item_id,
    month,
    difference
from balanced
where abs(difference) > 0.0008
order by all
