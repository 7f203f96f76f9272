-- grain: one row per approach, parent and month whose products do not add up in the parent's unit
-- reads: forecast, demand_units
with products as (
    select
        f.approach,
        f.month,
        u.family,
        cast(f.mean * u.family_equivalent as decimal(18, 4)) as in_family,
        cast(f.mean * u.company_equivalent as decimal(18, 4)) as in_company
    from forecast as f
    inner join demand_units as u on f.item_id = u.product_id
    where f.level = 'product'
),

expected as (
    select approach, 'family' as level, family as item_id, month, sum(in_family) as children
    from products
    group by all
    union all
    select approach, 'company', null, month, sum(in_company)
    from products
    group by all
),

parents as (
    select approach, level, case when level = 'family' then item_id end as item_id, month, mean
    from forecast
    where level in ('family', 'company')
)

select p.approach, p.level, p.item_id, p.month, p.mean, e.children
from parents as p
left join expected as e
    on p.approach = e.approach
    and p.level = e.level
    and p.month = e.month
    and p.item_id is not distinct from e.item_id
where p.mean is distinct from coalesce(e.children, 0)
order by all
