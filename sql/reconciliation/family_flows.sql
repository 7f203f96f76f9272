-- grain: one row per family and month, every month of history and plan: what is sold, made, bought and kept, in money
-- Money is null for a family (and basis) of which no product has a price or a cost; else products without are left out.
-- Purchases of the past are the material of what was made, its whole standard cost where no material cost is known;
-- where no output is recorded, sales stand for it. Those of planned months are the plan's own.
-- A month without a row is 0 where the family's money is known, but a stock that was not counted is null.
-- reads: actuals, sales_plan, inventory_plan, products, unit_factors, family_purchases
-- binds: $cycle_month date
with product_flows as (
    select
        'actual' as basis,
        product_id,
        family,
        month,
        sales,
        revenue,
        null as cogs,
        margin,
        inventory_value,
        coalesce(output, sales) as output
    from actuals
    union all
    select
        'plan' as basis,
        sales_plan.product_id,
        sales_plan.family,
        sales_plan.month,
        sales_plan.sales,
        sales_plan.revenue,
        sales_plan.cogs,
        sales_plan.margin,
        inventory_plan.inventory_value,
        null as output
    from sales_plan
    left join inventory_plan
        on
            sales_plan.product_id = inventory_plan.product_id
            and sales_plan.month = inventory_plan.month
),

bases as (
    select unnest(['actual', 'plan']) as basis
),

valued as (
    select
        product_flows.basis,
        product_flows.family,
        product_flows.month,
        product_flows.revenue,
        product_flows.margin,
        product_flows.inventory_value,
        round(product_flows.sales::decimal(28, 4) * unit_factors.factor, 4) as units,
        coalesce(
            product_flows.cogs, round(product_flows.sales::decimal(28, 4) * products.standard_cost, 2)
        ) as cogs,
        round(
            product_flows.output::decimal(28, 4) * coalesce(products.unit_material_cost, products.standard_cost),
            2
        ) as purchases
    from product_flows
    left join products on product_flows.product_id = products.product_id
    left join unit_factors on product_flows.product_id = unit_factors.product_id
),

family_months as (
    select
        basis,
        family,
        month,
        case when bool_and(units is not null) then sum(units) end as units,
        sum(revenue) as revenue,
        sum(cogs) as cogs,
        sum(margin) as margin,
        sum(inventory_value) as inventory_value,
        sum(purchases) as purchases
    from valued
    group by all
),

known as (
    select
        basis,
        family,
        case when bool_and(units is not null) then 0 end as units,
        case when bool_or(revenue is not null) then 0 end as revenue,
        case when bool_or(cogs is not null) then 0 end as cogs,
        case when bool_or(margin is not null) then 0 end as margin,
        case when bool_or(inventory_value is not null) then 0 end as inventory_value,
        case when bool_or(purchases is not null) then 0 end as purchases
    from family_months
    group by all
),

span as (
    select
        least(coalesce(min(month), $cycle_month), $cycle_month) as first_month,
        greatest(max(month), $cycle_month - interval 1 month) as last_month
    from product_flows
),

months as (
    select unnest(generate_series(first_month, last_month, interval 1 month))::date as month
    from span
),

families as (
    select distinct family
    from product_flows
),

everything as (
    select
        families.family,
        months.month,
        case when months.month < $cycle_month then 'actual' else 'plan' end as basis
    from families
    cross join months
    where (select count(*) from product_flows) > 0
),

zeros as (
    select
        families.family,
        bases.basis,
        if(own.family is null, other.units, own.units) as units,
        if(own.family is null, other.revenue, own.revenue) as revenue,
        if(own.family is null, other.cogs, own.cogs) as cogs,
        if(own.family is null, other.margin, own.margin) as margin,
        if(own.family is null, other.inventory_value, own.inventory_value) as inventory_value,
        if(own.family is null, other.purchases, own.purchases) as purchases
    from families
    cross join bases
    left join known as own on families.family = own.family and bases.basis = own.basis
    left join known as other on families.family = other.family and bases.basis <> other.basis
)

select
    everything.family,
    everything.month,
    everything.basis,
    coalesce(family_months.units, zeros.units)::decimal(28, 4) as units,
    coalesce(family_months.revenue, zeros.revenue)::decimal(28, 2) as revenue,
    coalesce(family_months.cogs, zeros.cogs)::decimal(28, 2) as cogs,
    coalesce(family_months.margin, zeros.margin)::decimal(28, 2) as margin,
    case
        when everything.basis = 'plan'
            then coalesce(family_months.inventory_value, zeros.inventory_value)
        else family_months.inventory_value
    end::decimal(28, 2) as inventory_value,
    case
        when everything.basis = 'actual'
            then coalesce(family_months.purchases, zeros.purchases)
        when (select count(*) from family_purchases) > 0
            then coalesce(family_purchases.purchases, 0)
    end::decimal(28, 2) as purchases
from everything
inner join zeros on everything.family = zeros.family and everything.basis = zeros.basis
left join family_months
    on
        everything.family = family_months.family
        and everything.month = family_months.month
        and everything.basis = family_months.basis
left join family_purchases
    on everything.family = family_purchases.family and everything.month = family_purchases.month
