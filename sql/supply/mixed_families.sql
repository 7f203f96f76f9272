-- grain: one row per family whose products are counted in several units of measure without equivalents for all of them
-- its products cannot be added but in money, which is no unit to make them in: each is planned by itself (METHODS 1)
-- reads: demand_units
select family
from demand_units
group by family
having count(distinct lower(unit_of_measure)) > 1 and any_value(family_unit) is distinct from 'equivalent_units'
order by family
