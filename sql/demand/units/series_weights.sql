-- grain: one row per product, where the company's products are counted in several units; no row where units agree
-- by how much its quantities are multiplied before they are forecast together: what a unit counts for in the company's
-- total, else in the family's; scaled so that the smallest product keeps its decimals and the largest still fits
-- reads: demand_units, demand_history
-- binds: $most double
with counted as (
    select
        product_id,
        coalesce(company_equivalent, family_equivalent, 1)::double as equivalent
    from demand_units
    where (select count(distinct lower(unit_of_measure)) > 1 from demand_units)
),

largest as (
    select max(abs(history.cleansed)::double * counted.equivalent) as amount
    from demand_history as history
    inner join counted on history.product_id = counted.product_id
)

select
    counted.product_id,
    counted.equivalent
    * least(1 / min(counted.equivalent) over (), $most / greatest(coalesce(largest.amount, 0), 1)) as weight
from counted
cross join largest
order by counted.product_id
