-- grain: one row per family and month: what its products have, added up
-- quantities are in the unit of the family's total (METHODS 1), null where it has none
-- and as they are where nothing is said of units
-- reads: sales_plan, demand_units
-- structure: {table: sales_plan, quantities: [demand, sales], money: [revenue, cogs]}
select
    planned.family,
    planned.month,
    {% for name in quantities %}
    sum(weighed(planned.{{ name }}, if(units.product_id is null, 1, units.family_equivalent))) as {{ name }},
    {% endfor %}
    {% for name in money %}
    sum(planned.{{ name }}) as {{ name }},
    {% endfor %}
    count(*) as products
from {{ table }} as planned
left join demand_units as units on planned.product_id = units.product_id
group by planned.family, planned.month
order by planned.family, planned.month
