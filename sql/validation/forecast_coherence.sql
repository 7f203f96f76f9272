-- grain: one row per approach, parent and month whose children do not add up
with family_of as (
    select product_id, family from product_lifecycle
),

products as (
    select f.approach, 'family' as level, m.family as item_id, f.month, sum(f.mean) as children
    from forecast as f
    inner join family_of as m on f.item_id = m.product_id
    where f.level = 'product'
    group by all
),

families as (
    select approach, 'company' as level, null as item_id, month, sum(mean) as children
    from forecast
    where level = 'family'
    group by all
),

parents as (
    select approach, level, case when level = 'family' then item_id end as item_id, month, mean
    from forecast
    where level in ('family', 'company')
),

expected as (
    select approach, level, item_id, month, children from products
    union all
    select approach, level, item_id, month, children from families
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
