-- grain: one row per product: what one unit counts for in its family's total, and the unit that total is in
-- 1 where the family has one unit of measure; else equivalent units; null where these are missing (METHODS 1).
-- reads: product_lifecycle, products
with members as (
    select
        coalesce(l.product_id, p.product_id) as product_id,
        coalesce(l.family, p.family, 'no family') as family,
        p.unit_of_measure, p.equivalent_units
    from product_lifecycle as l
    full join products as p on l.product_id = p.product_id
),

families as (
    select
        family,
        count(distinct unit_of_measure) as units_of_measure,
        min(unit_of_measure) as unit,
        bool_and(equivalent_units is not null) as has_equivalents
    from members
    group by family
)

select
    m.product_id, m.family,
    cast(
        case
            when f.units_of_measure <= 1 then 1
            when f.has_equivalents then m.equivalent_units
        end as decimal(18, 6)
    ) as factor,
    case when f.units_of_measure <= 1 then coalesce(f.unit, 'units') else 'equivalent units' end as unit
from members as m
inner join families as f on m.family = f.family
