-- grain: one row per total that the operational plan, a department's sheet and a deliverable do not agree on
-- Each side is added up by month and item and compared to the last unit and cent; a missing total counts as nothing.
-- Sums are decimals of one precision: a union of unlike ones would round all of them to the coarser.
-- Quantities of families that are added in equivalent units are compared by their products, where output has them.
-- reads: operational_plan, commitment_sheets, sales_plan, production_plan, inventory_plan, new_product_plan
-- reads: workforce_plan, capacity_plan, material_plan, plan_money
{% set from_plan_money = {
    'material_cost': 'material',
    'subcontracting_cost': 'subcontracting',
    'regular_pay': 'regular_pay',
    'overtime_pay': 'overtime',
    'temporary_pay': 'temporary',
    'hiring_cost': 'hiring',
    'layoff_cost': 'layoff',
    'setup_cost': 'setup',
    'rate_change_cost': 'rate_change',
    'holding_cost': 'holding',
    'fixed_cost': 'fixed_cost',
    'revenue': 'revenue',
    'receive': 'receipts',
    'cash_flow': 'cash_flow',
    'cash_balance': 'cash',
} %}
with money as (
    select *
    from plan_money
    where chosen
),

by_month as (
    select
        commitment,
        month,
        sum(quantity)::decimal(30, 4) as quantity
    from operational_plan
    where not detail
    group by all
),

-- what every department's sheet says beside the plan's own line
sheets as (
    select
        sheet || ' sheet: ' || commitment as rule,
        month,
        item,
        sum(quantity)::decimal(30, 4) as found
    from commitment_sheets
    group by sheet, commitment, month, item
),

lines as (
    select
        'sheet: ' || commitment as rule,
        month,
        item,
        sum(quantity)::decimal(30, 4) as needed
    from operational_plan
    where not detail or commitment in ('launch', 'phase_out')
    group by commitment, month, item
),

-- stock(t) = stock(t-1) + made + subcontracted - sold, backlog served among what is sold
flows as (
    select
        product_id,
        month,
        inventory_plan.inventory,
        lag(inventory_plan.inventory) over (partition by product_id order by month) as before,
        production_plan.output + production_plan.subcontract - sales_plan.sales as change
    from inventory_plan
    inner join production_plan using (product_id, month)
    inner join sales_plan using (product_id, month)
),

wanted as (
    {% for commitment, column in from_plan_money.items() %}
    select
        '{{ commitment }}' as rule,
        month,
        '' as item,
        {{ column }}::decimal(30, 4) as needed
    from money
    where {{ column }} is not null
    union all
    {% endfor %}
    select
        'make by product' as rule,
        month,
        product_id as item,
        output as needed
    from production_plan
    where product_id in (select item from operational_plan where detail and commitment = 'make')
    union all
    select
        'revenue by family' as rule,
        month,
        family as item,
        sum(revenue)::decimal(30, 4) as needed
    from sales_plan
    group by month, family
    having sum(revenue) is not null
    union all
    {% for commitment, column in [
        ('employ', 'heads'), ('employ_temporary', 'temporary'), ('hire', 'hires'), ('lay_off', 'layoffs'),
    ] %}
    select
        '{{ commitment }} by resource' as rule,
        month,
        resource_id as item,
        {{ column }} as needed
    from workforce_plan
    union all
    {% endfor %}
    select
        'hours by resource' as rule,
        month,
        resource_id as item,
        load as needed
    from capacity_plan
    where kind in ('labour', 'machine')
    union all
    select
        'take by material' as rule,
        month,
        material_id as item,
        requirement as needed
    from material_plan
    union all
    select
        'order by material' as rule,
        month,
        material_id as item,
        order_quantity as needed
    from material_plan
    union all
    select
        kind || ' by product' as rule,
        month,
        product_id as item,
        units as needed
    from new_product_plan
),

committed as (
    {% for commitment in from_plan_money %}
    select
        '{{ commitment }}' as rule,
        month,
        '' as item,
        quantity as found
    from by_month
    where commitment = '{{ commitment }}' and month in (select month from money)
    union all
    {% endfor %}
    select
        case
            when commitment in ('regular_hours', 'overtime_hours', 'use_capacity') then 'hours by resource'
            when commitment = 'make' then 'make by product'
            else commitment || ' by ' || item_kind
        end as rule,
        month,
        item,
        sum(quantity)::decimal(30, 4) as found
    from operational_plan
    where
        commitment in (
            'employ', 'employ_temporary', 'hire', 'lay_off', 'regular_hours', 'overtime_hours', 'use_capacity',
            'take', 'order', 'launch', 'phase_out'
        )
        or (commitment = 'make' and detail)
        or commitment = 'revenue'
    group by all
),

compared as (
    select
        coalesce(wanted.rule, committed.rule) as rule,
        coalesce(wanted.month, committed.month) as month,
        coalesce(wanted.item, committed.item) as item,
        coalesce(committed.found, 0) as found,
        coalesce(wanted.needed, 0) as needed
    from wanted
    full join committed
        on wanted.rule = committed.rule and wanted.month = committed.month and wanted.item = committed.item
    where coalesce(wanted.rule, committed.rule) is not null
    union all
    select
        sheets.rule,
        sheets.month,
        sheets.item,
        sheets.found,
        coalesce(lines.needed, 0) as needed
    from sheets
    left join lines
        on
            regexp_replace(sheets.rule, '^\w+ ', '') = lines.rule
            and sheets.month = lines.month
            and sheets.item = lines.item
    union all
    select
        'stock by product' as rule,
        month,
        product_id as item,
        inventory as found,
        before + change as needed
    from flows
    where before is not null
)

select *
from compared
where found <> needed
order by all
