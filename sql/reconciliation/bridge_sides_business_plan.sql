-- grain: one row per fiscal year and family: the business plan, the latest view, and what last year's mix would earn
-- The business plan knows families, not products; so the mix is measured against the year before, at today's prices.
-- reads: fiscal_months, business_plan, year_products, products, unit_factors
with planned as (
    select
        m.fiscal_year, b.family, sum(b.units) as units, sum(b.revenue) as revenue, sum(b.margin) as margin
    from fiscal_months as m
    inner join business_plan as b on m.month = b.month
    where m.reference = 'business_plan'
    group by all
),

products_now as (
    select * from year_products where reference = 'business_plan' and side = 'now'
),

products_before as (
    select * from year_products where reference = 'business_plan' and side = 'before' and units > 0
),

per_unit as (
    select
        b.fiscal_year, b.family, b.units,
        cast(
            case when n.units > 0 then n.revenue / n.units else p.unit_price / nullif(u.factor, 0) end as decimal(18, 8)
        ) as price,
        cast(
            case
                when n.units > 0 then n.margin / n.units
                else (p.unit_price - p.standard_cost) / nullif(u.factor, 0)
            end as decimal(18, 8)
        ) as margin
    from products_before as b
    left join products_now as n on b.fiscal_year = n.fiscal_year and b.product_id = n.product_id
    left join products as p on b.product_id = p.product_id
    left join unit_factors as u on b.product_id = u.product_id
),

last_mix as (
    select
        fiscal_year, family,
        sum(cast(units as decimal(28, 4)) * price) / sum(case when price is not null then units end) as price,
        sum(cast(units as decimal(28, 4)) * margin) / sum(case when margin is not null then units end) as margin
    from per_unit
    group by all
),

latest as (
    select
        fiscal_year, family,
        case when bool_and(is_addable) then sum(units) end as units,
        sum(revenue) as revenue, sum(margin) as margin
    from products_now
    group by all
)

select
    coalesce(p.fiscal_year, l.fiscal_year) as fiscal_year,
    coalesce(p.family, l.family) as family,
    p.units as from_units, p.revenue as from_revenue, p.margin as from_margin,
    l.units as to_units, l.revenue as to_revenue, l.margin as to_margin,
    coalesce(l.revenue - round(l.units * x.price, 2), 0) as mix_revenue,
    coalesce(l.margin - round(l.units * x.margin, 2), 0) as mix_margin,
    0 as new_revenue, 0 as new_margin, 0 as ended_revenue, 0 as ended_margin
from planned as p
full join latest as l on p.fiscal_year = l.fiscal_year and p.family = l.family
left join last_mix as x on l.fiscal_year = x.fiscal_year and l.family = x.family
