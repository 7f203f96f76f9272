-- grain: one row per product: what one unit counts for in its family's total, and the unit that total is in
-- 1 where the family has one unit of measure; else equivalent units; null where these are missing (METHODS 1).
-- reads: product_lifecycle, products
with members as (
    select
        coalesce(product_lifecycle.product_id, products.product_id) as product_id,
        coalesce(product_lifecycle.family, products.family, 'no family') as family,
        nullif(trim(lower(products.unit_of_measure)), '') as one_unit,
        products.unit_of_measure,
        products.equivalent_units
    from product_lifecycle
    full join products on product_lifecycle.product_id = products.product_id
),

families as (
    select
        family,
        count(distinct one_unit) as units_of_measure,
        min(unit_of_measure) as unit,
        bool_and(equivalent_units is not null) as has_equivalents
    from members
    group by family
)

select
    members.product_id,
    members.family,
    case
        when families.units_of_measure <= 1 then 1 when families.has_equivalents then members.equivalent_units
    end::decimal(28, 6) as factor,
    case when families.units_of_measure <= 1 then coalesce(families.unit, 'units') else 'equivalent_units' end as unit
from members
inner join families on members.family = families.family
