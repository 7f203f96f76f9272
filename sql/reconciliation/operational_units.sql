-- grain: one row per month, department, family (or material) and commitment: units to sell, make, buy in and keep
-- A family whose units cannot be added has a row for each product instead.
-- What a product's sites make is counted from where the sites before end, so that in the family's unit, too, the rounded
-- sites add up to the product's rounded output.
-- reads: unit_factors, site_schedule, sales_plan, production_plan, inventory_plan, resource_plan, resources
-- binds: $strategy varchar, $scenario varchar
with items as (
    select
        product_id,
        case when factor is null then product_id else family end as item,
        coalesce(factor, 1) as factor,
        case when factor is null then 'units' else unit end as unit
    from unit_factors
),

made as (
    select
        month, product_id, site_id, output,
        sum(output) over (partition by product_id, month order by site_id nulls first) - output as start
    from site_schedule
),

commitments as (
    select month, product_id, 'Sales' as department, 'units to sell' as commitment, 0 as start, sales as quantity
    from sales_plan
    union all
    select
        month, product_id, case when site_id is null then 'Production' else 'Production, ' || site_id end,
        'units to make', start, output
    from made
    union all
    select month, product_id, 'Purchasing', 'units to buy in', 0, subcontract from production_plan
    union all
    select month, product_id, 'Logistics', 'units in stock at month end', 0, inventory from inventory_plan
),

goods as (
    select
        c.month, c.department, c.commitment, i.item, i.unit,
        cast(
            sum(
                round(cast(c.start + c.quantity as decimal(28, 4)) * i.factor, 4)
                - round(cast(c.start as decimal(28, 4)) * i.factor, 4)
            ) as decimal(18, 4)
        ) as quantity
    from commitments as c
    inner join items as i on c.product_id = i.product_id
    group by all
),

materials as (
    select
        p.month, 'Purchasing' as department, 'material to take' as commitment, p.resource_id as item,
        coalesce(r.unit, 'units') as unit, p.regular_hours as quantity
    from resource_plan as p
    left join resources as r on p.resource_id = r.resource_id
    where p.strategy = $strategy and p.scenario = $scenario and p.kind = 'material'
),

everything as (
    select month, department, commitment, item, unit, quantity from goods
    union all
    select month, department, commitment, item, unit, quantity from materials
)

select month, department, commitment, item, 'units' as allots, quantity, unit
from everything
where quantity <> 0
