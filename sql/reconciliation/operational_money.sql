-- grain: one row per month, department, family or resource and commitment: revenue to earn, money to spend
-- Without any price, cost or rate the solver counts in unit values, which are not money: nothing is spent then.
-- reads: unit_factors, products, resources, plan_costs, sales_plan
-- binds: $strategy varchar, $scenario varchar, $currency varchar
with families as (
    select
        product_id as item,
        family
    from unit_factors
    union
    select
        family as item,
        family
    from unit_factors
),

money_known as (
    select
        (
            select count(coalesce(unit_price, standard_cost, unit_material_cost, subcontract_cost)) > 0
            from products
        ) as of_products,
        (
            select count(coalesce(regular_rate, overtime_rate, temporary_rate, hire_cost, layoff_cost)) > 0
            from resources
        ) as of_resources
),

spending as (
    select
        plan_costs.month,
        plan_costs.kind,
        coalesce(families.family, plan_costs.item) as item,
        plan_costs.amount,
        case
            when resources.site_id is null then 'Production' else 'Production, ' || resources.site_id
        end as department
    from plan_costs
    left join resources on plan_costs.item = resources.resource_id
    left join families on plan_costs.item = families.item
    cross join money_known
    where
        plan_costs.strategy = $strategy
        and plan_costs.scenario = $scenario
        and (money_known.of_products or (money_known.of_resources and families.family is null))
),

named as (
    select
        month,
        case
        kind
            when 'material'
                then 'Purchasing'
            when 'subcontracting'
                then 'Purchasing'
            when 'hiring'
                then 'Human resources'
            when 'layoff'
                then 'Human resources'
            when 'holding'
                then 'Logistics'
            else department
        end as department,
        case
        kind
            when 'material'
                then 'material purchases'
            when 'subcontracting'
                then 'subcontracting purchases'
            when 'regular_pay'
                then 'regular pay'
            when 'overtime'
                then 'overtime pay'
            when 'temporary'
                then 'temporary pay'
            when 'hiring'
                then 'hiring cost'
            when 'layoff'
                then 'layoff cost'
            when 'holding'
                then 'stock holding cost'
            when 'setup'
                then 'set-up cost'
            else 'rate change cost'
        end as commitment,
        item,
        amount
    from spending
    where
        kind in (
            'material',
            'subcontracting',
            'regular_pay',
            'overtime',
            'temporary',
            'hiring',
            'layoff',
            'holding',
            'setup',
            'rate_change'
        )
),

everything as (
    select
        month,
        department,
        commitment,
        item,
        sum(amount)::decimal(18, 4) as quantity
    from named
    group by all
    union all
    select
        month,
        'Sales' as department,
        'revenue' as commitment,
        family as item,
        sum(revenue)::decimal(18, 4) as quantity
    from sales_plan
    group by month, family
)

select
    month,
    department,
    commitment,
    item,
    'money' as allots,
    quantity,
    $currency as unit
from everything
where quantity <> 0
