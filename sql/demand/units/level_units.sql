-- grain: one row per level and item whose total exists: its unit, and what one of it counts for in the company's
-- a family counts with the average of its products; null where the company has no unit for its total
-- reads: demand_units
-- binds: $company varchar
select
    'product' as level,
    product_id as item_id,
    unit_of_measure,
    company_unit,
    company_equivalent
from demand_units
union all
select
    'family' as level,
    family as item_id,
    any_value(family_unit) as unit_of_measure,
    any_value(company_unit) as company_unit,
    if(
        any_value(family_unit) = any_value(company_unit),
        1,
        sum(company_equivalent)::double / nullif(sum(family_equivalent), 0)::double
    )::decimal(28, 6) as company_equivalent
from demand_units
where family_unit is not null
group by family
union all
select
    'company' as level,
    $company as item_id,
    any_value(company_unit) as unit_of_measure,
    any_value(company_unit) as company_unit,
    1 as company_equivalent
from demand_units
where company_unit is not null
having count(*) > 0
