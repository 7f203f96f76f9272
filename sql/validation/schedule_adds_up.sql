-- grain: one row per planned item and month whose products do not add up to the plan, what is left over counted
-- output(item, t) = sum of its products + remainder(t) - remainder(t - 1)
-- reads: production_schedule, aggregate_plan, schedule_remainders
-- binds: $strategy varchar, $scenario varchar
with parts as (
    select
        item_id,
        month,
        sum(demand) as demand,
        sum(output) as output,
        sum(subcontract) as subcontract,
        sum(lost_sales) as lost_sales,
        sum(inventory - backlog) as net_stock
    from production_schedule
    group by all
),

plan as (
    select
        item_id,
        month,
        demand,
        output,
        subcontract,
        lost_sales,
        inventory - backlog as net_stock
    from aggregate_plan
    where strategy = $strategy and scenario = $scenario
),

remainders as (
    select
        plan.item_id,
        plan.month,
        coalesce(schedule_remainders.remainder, 0) as remainder,
        lag(coalesce(schedule_remainders.remainder, 0), 1, 0) over (
            partition by plan.item_id order by plan.month
        ) as remainder_before
    from plan
    left join
        schedule_remainders on plan.item_id = schedule_remainders.item_id and plan.month = schedule_remainders.month
)

select
    plan.item_id,
    plan.month,
    plan.output,
    parts.output as output_of_products,
    remainders.remainder,
    remainders.remainder_before
from plan
left join parts on plan.item_id = parts.item_id and plan.month = parts.month
left join remainders on plan.item_id = remainders.item_id and plan.month = remainders.month
where
    parts.item_id is null
    or parts.demand <> plan.demand
    or parts.output + remainders.remainder - remainders.remainder_before <> plan.output
    or parts.subcontract <> plan.subcontract
    or parts.lost_sales <> plan.lost_sales
    or parts.net_stock + remainders.remainder <> plan.net_stock
order by all
