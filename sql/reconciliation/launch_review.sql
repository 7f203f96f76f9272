-- grain: one row per launch on the way, or launched within a year: stage, gates, cost, ramp
-- The next gate is the one due first of those not passed; it is overdue where its day is before the cut-off.
-- reads: new_products, launch_gates, product_lifecycle, launch_ramps
-- binds: $cutoff date
with gates as (
    select
        product_id,
        count(*) as gates,
        count(passed_on) as gates_passed,
        max_by(gate, passed_on) as last_gate,
        max(passed_on) as last_passed_on,
        min_by(gate, due) filter (where passed_on is null and due is not null) as next_gate,
        min(due) filter (where passed_on is null) as next_due,
        min_by(owner, due) filter (where passed_on is null and due is not null) as next_owner
    from launch_gates
    group by product_id
),

ramps as (
    select
        product_id,
        max(launch_month) as launch_month,
        max_by(planned_in, month) as planned_in,
        max(month) filter (where actual is not null) as actual_to,
        max_by(planned_total, month) filter (where actual is not null) as planned_to_date,
        max_by(actual_total, month) filter (where actual is not null) as actual_to_date
    from launch_ramps
    group by product_id
),

reviewed as (
    select product_id
    from new_products
    union
    select product_id
    from ramps
)

select
    reviewed.product_id,
    coalesce(product_lifecycle.product_name, reviewed.product_id) as product_name,
    coalesce(product_lifecycle.family, 'no family') as family,
    coalesce(new_products.launch_month, ramps.launch_month) as launch_month,
    new_products.stage,
    new_products.probability,
    new_products.owner,
    new_products.development_cost,
    new_products.launch_cost,
    coalesce(gates.gates, 0) as gates,
    coalesce(gates.gates_passed, 0) as gates_passed,
    gates.last_gate,
    gates.last_passed_on,
    gates.next_gate,
    gates.next_due,
    gates.next_owner,
    coalesce(gates.next_due < $cutoff, false) as overdue,
    ramps.planned_in,
    ramps.actual_to,
    ramps.planned_to_date,
    ramps.actual_to_date
from reviewed
left join new_products on reviewed.product_id = new_products.product_id
left join product_lifecycle on reviewed.product_id = product_lifecycle.product_id
left join gates on reviewed.product_id = gates.product_id
left join ramps on reviewed.product_id = ramps.product_id
