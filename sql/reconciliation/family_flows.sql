-- grain: one row per family and month, every month of history and plan: what is sold, made, bought and kept, in money
-- Money is null for a family (and basis) of which no product has a price or a cost; else products without are left out.
-- Made in house: material is bought on credit, the rest of the standard cost is paid in the month. Where no material
-- cost is known the whole standard cost is bought on credit. Where no output is recorded, sales stand for it.
-- A month without a row is 0 where the family's money is known, but a stock that was not counted is null.
-- reads: actuals, sales_plan, production_plan, inventory_plan, products, unit_factors
-- binds: $cycle_month date
{% macro zero(column) -%}
    case when k.family is null then o.{{ column }} else k.{{ column }} end
{%- endmacro -%}
with product_flows as (
    select
        'actual' as basis, product_id, family, month, sales, revenue,
        null as cogs, margin, inventory_value, coalesce(output, sales) as output, 0 as subcontract
    from actuals
    union all
    select
        'plan' as basis, s.product_id, s.family, s.month, s.sales, s.revenue,
        s.cogs, s.margin, i.inventory_value, coalesce(p.output, 0) as output, coalesce(p.subcontract, 0) as subcontract
    from sales_plan as s
    left join production_plan as p on s.product_id = p.product_id and s.month = p.month
    left join inventory_plan as i on s.product_id = i.product_id and s.month = i.month
),

valued as (
    select
        f.basis, f.family, f.month, f.revenue, f.margin, f.inventory_value,
        round(cast(f.sales as decimal(28, 4)) * u.factor, 4) as units,
        coalesce(f.cogs, round(cast(f.sales as decimal(28, 4)) * p.standard_cost, 2)) as cogs,
        round(cast(f.output as decimal(28, 4)) * coalesce(p.unit_material_cost, p.standard_cost), 2)
        + round(cast(f.subcontract as decimal(28, 4)) * coalesce(p.subcontract_cost, p.standard_cost), 2) as purchases,
        round(cast(f.output as decimal(28, 4)) * p.standard_cost, 2)
        - round(cast(f.output as decimal(28, 4)) * coalesce(p.unit_material_cost, p.standard_cost), 2) as conversion
    from product_flows as f
    left join products as p on f.product_id = p.product_id
    left join unit_factors as u on f.product_id = u.product_id
),

family_months as (
    select
        basis, family, month,
        case when bool_and(units is not null) then sum(units) end as units,
        sum(revenue) as revenue, sum(cogs) as cogs, sum(margin) as margin, sum(inventory_value) as inventory_value,
        sum(purchases) as purchases, sum(conversion) as conversion
    from valued
    group by all
),

known as (
    select
        basis, family,
        case when bool_and(units is not null) then 0 end as units,
        case when bool_or(revenue is not null) then 0 end as revenue,
        case when bool_or(cogs is not null) then 0 end as cogs,
        case when bool_or(margin is not null) then 0 end as margin,
        case when bool_or(inventory_value is not null) then 0 end as inventory_value,
        case when bool_or(purchases is not null) then 0 end as purchases
    from family_months
    group by all
),

months as (
    select
        cast(unnest(generate_series(first_month, last_month, interval 1 month)) as date) as month
    from (
        select
            least(coalesce(min(month), $cycle_month), $cycle_month) as first_month,
            greatest(max(month), $cycle_month - interval 1 month) as last_month
        from product_flows
    ) as span
),

families as (
    select distinct family from product_flows
),

everything as (
    select f.family, m.month, case when m.month < $cycle_month then 'actual' else 'plan' end as basis
    from families as f
    cross join months as m
    where (select count(*) from product_flows) > 0
)

select
    e.family, e.month, e.basis,
    cast(coalesce(f.units, {{ zero('units') }}) as decimal(18, 4)) as units,
    cast(coalesce(f.revenue, {{ zero('revenue') }}) as decimal(18, 2)) as revenue,
    cast(coalesce(f.cogs, {{ zero('cogs') }}) as decimal(18, 2)) as cogs,
    cast(coalesce(f.margin, {{ zero('margin') }}) as decimal(18, 2)) as margin,
    cast(
        case when e.basis = 'plan' then coalesce(f.inventory_value, {{ zero('inventory_value') }})
        else f.inventory_value end as decimal(18, 2)
    ) as inventory_value,
    cast(coalesce(f.purchases, {{ zero('purchases') }}) as decimal(18, 2)) as purchases,
    cast(coalesce(f.conversion, {{ zero('purchases') }}) as decimal(18, 2)) as conversion
from everything as e
left join known as k on e.family = k.family and e.basis = k.basis
left join known as o on e.family = o.family and e.basis <> o.basis
left join family_months as f on e.family = f.family and e.month = f.month and e.basis = f.basis
