-- grain: one row per row of external_forecasts, with the item it is of and whether the company plans that item
-- a product that has ended, never sold or is still to be launched is not forecast here: launches come from new_products
-- reads: external_forecasts, level_units, product_lifecycle
-- binds: $company varchar
with named as (
    select
        *,
        case
            when product_id is not null then 'product'
            when family is not null then 'family'
            else 'company'
        end as level,
        coalesce(product_id, family, $company) as item_id
    from external_forecasts
)

select
    named.model,
    named.cycle,
    named.level,
    named.item_id,
    named.month,
    named.mean,
    if(named.p10 is null or named.p90 is null, null, named.p10) as p10,
    named.p50,
    if(named.p10 is null or named.p90 is null, null, named.p90) as p90,
    named.recorded_on,
    units.unit_of_measure,
    units.level is not null
    and (named.level <> 'product' or coalesce(lifecycle.status in ('active', 'new', 'phase_out'), false)) as is_planned
from named
left join level_units as units on named.level = units.level and named.item_id = units.item_id
left join product_lifecycle as lifecycle on named.product_id = lifecycle.product_id
order by named.model, named.cycle, named.level, named.item_id, named.month, named.recorded_on
