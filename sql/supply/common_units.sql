-- grain: one row per product: its unit of measure, and what one unit counts for beside other products' units
-- its equivalent units where every product has them, or where all are counted in one unit, a blank being 1; else what
-- it counts for in the company's total (money where units differ); null where nothing serves (METHODS 1)
-- reads: demand_units, products
with measured as (
    select
        units.product_id,
        units.unit_of_measure,
        units.company_equivalent,
        products.equivalent_units
    from demand_units as units
    left join products on units.product_id = products.product_id
),

agreed as (
    select
        count(equivalent_units) = count(*) as has_equivalents,
        count(distinct lower(unit_of_measure)) = 1 as is_one_unit
    from measured
)

select
    measured.product_id,
    min(measured.unit_of_measure) over (partition by lower(measured.unit_of_measure)) as unit_of_measure,
    case
        when agreed.has_equivalents then measured.equivalent_units
        when agreed.is_one_unit then coalesce(measured.equivalent_units, 1)
        else measured.company_equivalent
    end::decimal(28, 6) as common_units
from measured
cross join agreed
order by measured.product_id
