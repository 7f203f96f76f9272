-- grain: one row per month, department, site, commitment and family, product or material: units to sell, make, keep
-- A family whose units cannot be added has a row for each product instead. Output has a row for each product as well,
-- marked as a detail of its family's. What a product's sites make is counted from where the sites before end, so that
-- in the family's unit, too, the rounded sites add up to the product's rounded output.
-- reads: unit_factors, site_schedule, sales_plan, production_plan, inventory_plan, new_product_plan, products
with items as (
    select
        unit_factors.product_id,
        if(unit_factors.factor is null, 'product', 'family') as item_kind,
        if(unit_factors.factor is null, unit_factors.product_id, unit_factors.family) as item,
        coalesce(unit_factors.factor, 1) as factor,
        case
            when unit_factors.factor is null then coalesce(products.unit_of_measure, 'units') else unit_factors.unit
        end as unit,
        coalesce(products.unit_of_measure, 'units') as own_unit
    from unit_factors
    left join products on unit_factors.product_id = products.product_id
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

commitments as (
    {% for commitment, department, quantity, available, source in [
        ('sell', 'sales', 'sales', 'demand', 'sales_plan'),
        ('owe', 'sales', 'backlog', 'null', 'inventory_plan'),
        ('subcontract', 'purchasing', 'subcontract', 'null', 'production_plan'),
        ('keep', 'logistics', 'inventory', 'target_high', 'inventory_plan'),
    ] %}
    select
        month,
        product_id,
        '{{ department }}' as department,
        null::varchar as site_id,
        '{{ commitment }}' as commitment,
        0 as start,
        {{ quantity }} as quantity,
        {{ available }}::decimal(28, 4) as available
    from {{ source }}
    union all
    {% endfor %}
    select
        month,
        product_id,
        'production' as department,
        site_id,
        'make' as commitment,
        start,
        output as quantity,
        null as available
    from made
),

goods as (
    select
        commitments.month,
        commitments.department,
        commitments.site_id,
        commitments.commitment,
        items.item_kind,
        items.item,
        items.unit,
        sum(
            round((commitments.start + commitments.quantity)::decimal(28, 4) * items.factor, 4)
            - round(commitments.start::decimal(28, 4) * items.factor, 4)
        )::decimal(28, 4) as quantity,
        case
            when bool_and(commitments.available is not null)
                then sum(round(commitments.available::decimal(28, 4) * items.factor, 4))::decimal(28, 4)
        end as available
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
        item_kind,
        item,
        quantity,
        unit,
        available,
        null as note,
        false as detail
    from goods
    union all
    select
        made.month,
        'production' as department,
        made.site_id,
        'make' as commitment,
        'product' as item_kind,
        made.product_id as item,
        made.output as quantity,
        items.own_unit as unit,
        null as available,
        null as note,
        true as detail
    from made
    inner join items on made.product_id = items.product_id
    where items.item_kind = 'family'
    union all
    select
        new_product_plan.month,
        'product_development' as department,
        null as site_id,
        new_product_plan.kind as commitment,
        'product' as item_kind,
        new_product_plan.product_id as item,
        new_product_plan.units as quantity,
        coalesce(items.own_unit, 'units') as unit,
        null as available,
        new_product_plan.family as note,
        true as detail
    from new_product_plan
    left join items on new_product_plan.product_id = items.product_id
)

select
    *,
    'units' as allots,
    null::date as due_on
from everything
where quantity <> 0
