-- grain: one row per planned item: what one of its units counts for in its family's and in the company's total
-- the average of its products by their planned demand; null where such a total does not exist (METHODS 1)
-- reads: opening_state, demand_plan, demand_units
with volumes as (
    select
        product_id,
        greatest(sum(quantity), 0)::double as volume
    from demand_plan
    group by product_id
),

members as (
    select
        state.item_id,
        units.family_equivalent,
        units.company_equivalent,
        if(sum(volumes.volume) over (partition by state.item_id) > 0, volumes.volume, 1) as volume
    from opening_state as state
    inner join volumes on state.product_id = volumes.product_id
    left join demand_units as units on state.product_id = units.product_id
)

select
    item_id,
    if(
        count(family_equivalent) = count(*), sum(family_equivalent::double * volume) / sum(volume), null
    )::decimal(28, 6) as family_weight,
    if(
        count(company_equivalent) = count(*), sum(company_equivalent::double * volume) / sum(volume), null
    )::decimal(28, 6) as company_weight
from members
group by item_id
order by item_id
