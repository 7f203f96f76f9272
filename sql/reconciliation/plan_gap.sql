-- grain: one row per measure, family and month, from twelve months back to the end of the plan
-- The gap is against the business plan; for a measure the business plan does not have, against the year before.
-- reads: financial_plan, business_plan, last_plan, unit_factors
-- binds: $first_month date
with latest_wide as (
    select
        family, month, basis, units,
        cast(revenue as decimal(18, 4)) as revenue,
        cast(margin as decimal(18, 4)) as margin,
        cast(inventory_value as decimal(18, 4)) as inventory_value
    from financial_plan
),

business_wide as (
    select
        family, month, units,
        cast(revenue as decimal(18, 4)) as revenue,
        cast(margin as decimal(18, 4)) as margin,
        cast(inventory_value as decimal(18, 4)) as inventory_value
    from business_plan
),

before_wide as (
    select
        l.family, l.month,
        case
            when bool_and(u.factor is not null)
                then cast(sum(round(cast(l.sales as decimal(28, 4)) * u.factor, 4)) as decimal(18, 4))
        end as units,
        cast(sum(l.revenue) as decimal(18, 4)) as revenue,
        cast(sum(l.margin) as decimal(18, 4)) as margin,
        cast(sum(l.inventory_value) as decimal(18, 4)) as inventory_value
    from last_plan as l
    left join unit_factors as u on l.product_id = u.product_id
    group by l.family, l.month
),

latest as (
    select family, month, basis, measure, amount
    from latest_wide
    unpivot include nulls (amount for measure in (units, revenue, margin, inventory_value))
),

business as (
    select family, month, measure, amount
    from business_wide
    unpivot (amount for measure in (units, revenue, margin, inventory_value))
),

before as (
    select family, month, measure, amount
    from before_wide
    unpivot (amount for measure in (units, revenue, margin, inventory_value))
),

months as (
    select distinct month, basis from financial_plan
    where month >= $first_month
),

measures as (
    select
        measure,
        measure in (select measure from business) as has_business_plan,
        bool_or(amount is not null) as is_known
    from latest
    group by measure
),

items as (
    select measure, family, month from latest
    union
    select measure, family, month from business
),

compared as (
    select
        i.measure, i.family, m.month, m.basis, s.has_business_plan,
        case
            when l.family is not null then l.amount
            when s.is_known then 0
        end as latest,
        b.amount as business_plan,
        p.amount as last_plan,
        y.amount as last_year
    from items as i
    inner join months as m on i.month = m.month
    inner join measures as s on i.measure = s.measure
    left join latest as l on i.measure = l.measure and i.family = l.family and i.month = l.month
    left join business as b on i.measure = b.measure and i.family = b.family and i.month = b.month
    left join before as p on i.measure = p.measure and i.family = p.family and i.month = p.month
    left join latest as y
        on i.measure = y.measure and i.family = y.family and i.month = y.month + interval 1 year
)

select
    measure, family, month, basis, latest, business_plan, last_plan, last_year,
    latest - case when has_business_plan then business_plan else last_year end as gap
from compared
