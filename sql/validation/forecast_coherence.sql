-- grain: one row per approach, parent and month whose products do not add up in the parent's unit
-- of the approaches that have their products: of many products, the approach in use alone
-- reads: forecast, demand_units
with products as (
    select
        forecast.approach,
        forecast.month,
        demand_units.family,
        weighed(forecast.mean, demand_units.family_equivalent) as in_family,
        weighed(forecast.mean, demand_units.company_equivalent) as in_company
    from forecast
    inner join demand_units on forecast.item_id = demand_units.product_id
    where forecast.level = 'product'
),

parents as (
    select
        approach,
        level,
        case when level = 'family' then item_id end as item_id,
        month,
        mean
    from forecast
    where level in ('family', 'company')
),

expected as (
    select
        approach,
        'family' as level,
        family as item_id,
        month,
        sum(in_family) as children
    from products
    group by all
    union all
    select
        approach,
        'company' as level,
        null as item_id,
        month,
        sum(in_company) as children
    from products
    group by all
)

select
    parents.approach,
    parents.level,
    parents.item_id,
    parents.month,
    parents.mean,
    expected.children
from parents
left join expected
    on
        parents.approach = expected.approach
        and parents.level = expected.level
        and parents.month = expected.month
        and parents.item_id is not distinct from expected.item_id
where
    parents.mean is distinct from coalesce(expected.children, 0)
    and parents.approach in (select approach from products)
order by all
