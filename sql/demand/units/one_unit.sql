-- grain: one row per product of a company that counts everything in one unit
-- reads: members = product_lifecycle
select distinct
    product_id,
    family,
    'units' as unit_of_measure,
    'units' as family_unit,
    1 as family_equivalent,
    'units' as company_unit,
    1 as company_equivalent
from members
order by product_id
