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
        resources.site_id
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
            when kind in ('material', 'subcontracting') then 'purchasing'
            when kind in ('hiring', 'layoff') then 'human_resources'
            when kind = 'holding' then 'logistics'
            else 'production'
        end as department,
        if(kind in ('regular_pay', 'overtime', 'temporary', 'setup', 'rate_change'), site_id, null) as site_id,
        case kind
            when 'material' then 'material_cost'
            when 'subcontracting' then 'subcontracting_cost'
            when 'overtime' then 'overtime_pay'
            when 'temporary' then 'temporary_pay'
            when 'hiring' then 'hiring_cost'
            when 'layoff' then 'layoff_cost'
            when 'holding' then 'holding_cost'
            when 'setup' then 'setup_cost'
            when 'rate_change' then 'rate_change_cost'
            else kind
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
        site_id,
        commitment,
        item,
        sum(amount)::decimal(18, 4) as quantity
    from named
    group by all
    union all
    select
        month,
        'sales' as department,
        null as site_id,
        'revenue' as commitment,
        family as item,
        sum(revenue)::decimal(18, 4) as quantity
    from sales_plan
    group by month, family
)

select
    month,
    department,
    site_id,
    commitment,
    item,
    'money' as allots,
    quantity,
    $currency as unit
from everything
where quantity <> 0
