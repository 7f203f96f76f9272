-- grain: one row per month, department, family or resource and commitment: revenue to earn, money to spend
with families as (
    select product_id as item, family from unit_factors
    union
    select family as item, family from unit_factors
),

spending as (
    select
        c.month, c.kind, coalesce(f.family, c.item) as item, c.amount,
        case when r.site_id is null then 'Production' else 'Production, ' || r.site_id end as department
    from plan_costs as c
    left join resources as r on c.item = r.resource_id
    left join families as f on c.item = f.item
    where c.strategy = $strategy and c.scenario = $scenario
),

named as (
    select
        month,
        case kind
            when 'material' then 'Purchasing'
            when 'subcontracting' then 'Purchasing'
            when 'hiring' then 'Human resources'
            when 'layoff' then 'Human resources'
            when 'holding' then 'Logistics'
            else department
        end as department,
        case kind
            when 'material' then 'material purchases'
            when 'subcontracting' then 'subcontracting purchases'
            when 'regular_pay' then 'regular pay'
            when 'overtime' then 'overtime pay'
            when 'temporary' then 'temporary pay'
            when 'hiring' then 'hiring cost'
            when 'layoff' then 'layoff cost'
            when 'holding' then 'stock holding cost'
            when 'setup' then 'set-up cost'
            else 'rate change cost'
        end as commitment,
        item, amount
    from spending
    where kind in (
        'material', 'subcontracting', 'regular_pay', 'overtime', 'temporary', 'hiring', 'layoff', 'holding', 'setup',
        'rate_change'
    )
),

everything as (
    select month, department, commitment, item, cast(sum(amount) as decimal(18, 4)) as quantity
    from named
    group by all
    union all
    select month, 'Sales', 'revenue', family, cast(sum(revenue) as decimal(18, 4))
    from sales_plan
    group by month, family
)

select month, department, commitment, item, 'money' as allots, quantity, $currency as unit
from everything
where quantity <> 0
