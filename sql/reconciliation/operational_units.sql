-- grain: one row per month, department, family (or material) and commitment: units to sell, make, subcontract and keep
-- A family whose units cannot be added has a row for each product instead.
-- What a product's sites make is counted from where the sites before end, so that in the family's unit, too, the
-- rounded sites add up to the product's rounded output.
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
        month,
        product_id,
        site_id,
        output,
        sum(output) over (partition by product_id, month order by site_id nulls first) - output as start
    from site_schedule
),

materials as (
    select
        resource_plan.month,
        'purchasing' as department,
        null as site_id,
        'take' as commitment,
        resource_plan.resource_id as item,
        coalesce(resources.unit, 'units') as unit,
        resource_plan.regular_hours as quantity
    from resource_plan
    left join resources on resource_plan.resource_id = resources.resource_id
    where
        resource_plan.strategy = $strategy
        and resource_plan.scenario = $scenario
        and resource_plan.kind = 'material'
),

commitments as (
    select
        month,
        product_id,
        'sales' as department,
        null::varchar as site_id,
        'sell' as commitment,
        0 as start,
        sales as quantity
    from sales_plan
    union all
    select
        month,
        product_id,
        'production' as department,
        site_id,
        'make' as commitment,
        start,
        output as quantity
    from made
    union all
    select
        month,
        product_id,
        'purchasing' as department,
        null as site_id,
        'subcontract' as commitment,
        0 as start,
        subcontract as quantity
    from production_plan
    union all
    select
        month,
        product_id,
        'logistics' as department,
        null as site_id,
        'keep' as commitment,
        0 as start,
        inventory as quantity
    from inventory_plan
),

goods as (
    select
        commitments.month,
        commitments.department,
        commitments.site_id,
        commitments.commitment,
        items.item,
        items.unit,
        sum(
            round((commitments.start + commitments.quantity)::decimal(28, 4) * items.factor, 4)
            - round(commitments.start::decimal(28, 4) * items.factor, 4)
        )::decimal(18, 4) as quantity
    from commitments
    inner join items on commitments.product_id = items.product_id
    group by all
),

everything as (
    select
        month,
        department,
        site_id,
        commitment,
        item,
        unit,
        quantity
    from goods
    union all
    select
        month,
        department,
        site_id,
        commitment,
        item,
        unit,
        quantity
    from materials
)

select
    month,
    department,
    site_id,
    commitment,
    item,
    'units' as allots,
    quantity,
    unit
from everything
where quantity <> 0
