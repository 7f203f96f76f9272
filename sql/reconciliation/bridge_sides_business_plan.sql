-- grain: one row per fiscal year and family: the business plan, the latest view, and what last year's mix would earn
-- The business plan knows families, not products; so the mix is measured against the year before, at today's prices.
-- reads: fiscal_months, business_plan, year_products, products, unit_factors
with planned as (
    select
        fiscal_months.fiscal_year,
        business_plan.family,
        sum(business_plan.units) as units,
        sum(business_plan.revenue) as revenue,
        sum(business_plan.margin) as margin
    from fiscal_months
    inner join business_plan on fiscal_months.month = business_plan.month
    where fiscal_months.reference = 'business_plan'
    group by all
),

products_now as (
    select *
    from year_products
    where reference = 'business_plan' and side = 'now'
),

products_before as (
    select *
    from year_products
    where reference = 'business_plan' and side = 'before' and units > 0
),

per_unit as (
    select
        products_before.fiscal_year,
        products_before.family,
        products_before.units,
        case
            when products_now.units > 0
                then products_now.revenue / products_now.units
            else products.unit_price / nullif(unit_factors.factor, 0)
        end::decimal(28, 8) as price,
        case
            when products_now.units > 0
                then products_now.margin / products_now.units
            else (products.unit_price - products.standard_cost) / nullif(unit_factors.factor, 0)
        end::decimal(28, 8) as margin
    from products_before
    left join products_now
        on
            products_before.fiscal_year = products_now.fiscal_year
            and products_before.product_id = products_now.product_id
    left join products on products_before.product_id = products.product_id
    left join unit_factors on products_before.product_id = unit_factors.product_id
),

last_mix as (
    select
        fiscal_year,
        family,
        sum(units::decimal(28, 4) * price) / sum(case when price is not null then units end) as price,
        sum(units::decimal(28, 4) * margin) / sum(case when margin is not null then units end) as margin
    from per_unit
    group by all
),

latest as (
    select
        fiscal_year,
        family,
        case when bool_and(is_addable) then sum(units) end as units,
        sum(revenue) as revenue,
        sum(margin) as margin
    from products_now
    group by all
)

select
    coalesce(planned.fiscal_year, latest.fiscal_year) as fiscal_year,
    coalesce(planned.family, latest.family) as family,
    planned.units as from_units,
    planned.revenue as from_revenue,
    planned.margin as from_margin,
    latest.units as to_units,
    latest.revenue as to_revenue,
    latest.margin as to_margin,
    coalesce(latest.revenue - round(latest.units * last_mix.price, 2), 0) as mix_revenue,
    coalesce(latest.margin - round(latest.units * last_mix.margin, 2), 0) as mix_margin,
    0 as new_revenue,
    0 as new_margin,
    0 as ended_revenue,
    0 as ended_margin
from planned
full join latest on planned.fiscal_year = latest.fiscal_year and planned.family = latest.family
left join last_mix on latest.fiscal_year = last_mix.fiscal_year and latest.family = last_mix.family
