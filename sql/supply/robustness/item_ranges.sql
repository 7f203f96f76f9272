-- grain: one row per planned item and month: its planned demand and the range of its forecast, none of them below zero
-- an item that is a family takes the family's own range, in proportion where its number is not the family's
-- reads: planning_demand, planning_products, opening_state, demand_range, item_weights
with ranged as (
    select
        demand.product_id as item_id,
        coalesce(products.family, demand.product_id) as family,
        demand.month,
        demand.quantity,
        ranges.mean,
        ranges.p10,
        ranges.p50,
        ranges.p90,
        weights.family_weight,
        weights.company_weight
    from planning_demand as demand
    inner join planning_products as products on demand.product_id = products.product_id
    left join item_weights as weights on demand.product_id = weights.item_id
    left join opening_state as single on demand.product_id = single.product_id
    left join demand_range as ranges
        on
            demand.month = ranges.month
            and ranges.level = if(single.product_id is null, 'family', 'product')
            and ranges.item_id = if(single.product_id is null, products.family, demand.product_id)
),

scaled as (
    select
        item_id,
        family,
        month,
        quantity,
        p10,
        p50,
        p90,
        family_weight,
        company_weight,
        mean is null or mean <= 0 as is_unknown,
        case when mean = quantity then 1 else quantity::double / nullif(mean, 0)::double end as ratio
    from ranged
)

select
    item_id,
    family,
    month,
    quantity,
    if(is_unknown, quantity::double, greatest(p10::double * ratio, 0)) as p10,
    if(is_unknown, quantity::double, greatest(p50::double * ratio, 0)) as p50,
    if(is_unknown, quantity::double, greatest(p90::double * ratio, 0)) as p90,
    family_weight,
    company_weight
from scaled
order by item_id, month
