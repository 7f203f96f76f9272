-- grain: one row per product: its unit, and what one unit counts for in its family's and in the company's totals
-- METHODS 1: one where the units agree; else equivalent units where every product has them, else money at unit price,
-- else at standard cost, else null: such a total does not exist
-- a product without a unit takes its family's where that has only one, else the company's, else it counts in "units"
-- reads: product_lifecycle, products
-- binds: $currency varchar
-- meant: cross join of products with the one row of the company
with members as (
    select
        lifecycle.product_id,
        lifecycle.family,
        nullif(trim(products.unit_of_measure), '') as own_unit,
        if(products.equivalent_units > 0, products.equivalent_units, null) as equivalent_units,
        if(products.unit_price > 0, products.unit_price, null) as unit_price,
        if(products.standard_cost > 0, products.standard_cost, null) as standard_cost
    from product_lifecycle as lifecycle
    left join products on lifecycle.product_id = products.product_id
),

measured as (
    select
        members.* exclude (own_unit),
        coalesce(
            own_unit,
            if(count(distinct lower(own_unit)) over of_family = 1, min(own_unit) over of_family, null),
            if(count(distinct lower(own_unit)) over of_company = 1, min(own_unit) over of_company, null),
            'units'
        ) as unit_of_measure
    from members
    window
        of_family as (partition by family),
        of_company as ()
),

scopes as (
    select
        family,
        count(distinct lower(unit_of_measure)) = 1 as agrees,
        min(unit_of_measure) as unit_of_measure,
        count(equivalent_units) = count(*) as has_equivalents,
        count(unit_price) = count(*) as has_prices,
        count(standard_cost) = count(*) as has_costs
    from measured
    group by grouping sets ((family), ())
),

based as (
    select
        family,
        case
            when agrees then 'unit'
            when has_equivalents then 'equivalent_units'
            when has_prices then 'unit_price'
            when has_costs then 'standard_cost'
        end as basis,
        case
            when agrees then unit_of_measure
            when has_equivalents then 'equivalent_units'
            when has_prices then $currency || ' at unit price'
            when has_costs then $currency || ' at standard cost'
        end as unit
    from scopes
),

of_company as (
    select
        basis,
        unit
    from based
    where family is null
)

select
    measured.product_id,
    measured.family,
    measured.unit_of_measure,
    of_family.unit as family_unit,
    case of_family.basis
        when 'unit' then 1
        when 'equivalent_units' then measured.equivalent_units
        when 'unit_price' then measured.unit_price
        when 'standard_cost' then measured.standard_cost
    end::decimal(28, 6) as family_equivalent,
    of_company.unit as company_unit,
    case of_company.basis
        when 'unit' then 1
        when 'equivalent_units' then measured.equivalent_units
        when 'unit_price' then measured.unit_price
        when 'standard_cost' then measured.standard_cost
    end::decimal(28, 6) as company_equivalent
from measured
inner join based as of_family on measured.family = of_family.family
cross join of_company
order by measured.product_id
