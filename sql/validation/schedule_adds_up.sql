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
    select item_id, month, demand, output, subcontract, lost_sales, inventory - backlog as net_stock
    from aggregate_plan
    where strategy = $strategy and scenario = $scenario
),

remainders as (
    select
        p.item_id,
        p.month,
        coalesce(r.remainder, 0) as remainder,
        lag(coalesce(r.remainder, 0), 1, 0) over (partition by p.item_id order by p.month) as remainder_before
    from plan as p
    left join schedule_remainders as r on p.item_id = r.item_id and p.month = r.month
)

select
    p.item_id,
    p.month,
    p.output,
    s.output as output_of_products,
    r.remainder,
    r.remainder_before
from plan as p
left join parts as s on p.item_id = s.item_id and p.month = s.month
left join remainders as r on p.item_id = r.item_id and p.month = r.month
where s.item_id is null
    or s.demand <> p.demand
    or s.output + r.remainder - r.remainder_before <> p.output
    or s.subcontract <> p.subcontract
    or s.lost_sales <> p.lost_sales
    or s.net_stock + r.remainder <> p.net_stock
order by all
