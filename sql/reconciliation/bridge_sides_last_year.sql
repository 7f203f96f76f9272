-- grain: one row per fiscal year and family without a business plan: the year before, the latest view, their mix
-- Products sold in both years are compared; those sold in one alone stand apart as new or ended.
-- reads: year_products
with now as (
    select *
    from year_products
    where reference = 'last_year' and side = 'now'
),

before as (
    select *
    from year_products
    where reference = 'last_year' and side = 'before'
),

paired as (
    select
        coalesce(now.fiscal_year, before.fiscal_year) as fiscal_year,
        coalesce(now.family, before.family) as family,
        before.units as before_units,
        before.revenue as before_revenue,
        before.margin as before_margin,
        now.units,
        now.revenue,
        now.margin,
        case
            when coalesce(before.units, 0) <= 0 and coalesce(before.is_addable, true)
                then 'new'
            when coalesce(now.units, 0) <= 0 and coalesce(now.is_addable, true)
                then 'ended'
            else 'both'
        end as side,
        coalesce(now.is_addable, true) and coalesce(before.is_addable, true) as is_addable,
        now.units::decimal(28, 4)
        * (before.revenue / nullif(before.units, 0))::decimal(28, 8) as revenue_at_old_price,
        now.units::decimal(28, 4)
        * (before.margin / nullif(before.units, 0))::decimal(28, 8) as margin_at_old_margin
    from now
    full join before
        on
            now.fiscal_year = before.fiscal_year
            and now.family = before.family
            and now.product_id = before.product_id
),

families as (
    select
        fiscal_year,
        family,
        case when bool_and(is_addable) then sum(case when side = 'both' then before_units end) end as from_units,
        sum(case when side = 'both' then before_revenue end) as from_revenue,
        sum(case when side = 'both' then before_margin end) as from_margin,
        case when bool_and(is_addable) then sum(case when side = 'both' then units end) end as to_units,
        sum(case when side = 'both' then revenue end) as to_revenue,
        sum(case when side = 'both' then margin end) as to_margin,
        sum(case when side = 'both' then revenue_at_old_price end) as revenue_at_old_price,
        sum(case when side = 'both' then margin_at_old_margin end) as margin_at_old_margin,
        sum(
            case when side = 'new' then coalesce(revenue, 0) - coalesce(before_revenue, 0) else 0 end
        ) as new_revenue,
        sum(case when side = 'new' then coalesce(margin, 0) - coalesce(before_margin, 0) else 0 end) as new_margin,
        sum(
            case when side = 'ended' then coalesce(revenue, 0) - coalesce(before_revenue, 0) else 0 end
        ) as ended_revenue,
        sum(
            case when side = 'ended' then coalesce(margin, 0) - coalesce(before_margin, 0) else 0 end
        ) as ended_margin
    from paired
    group by all
)

select
    fiscal_year,
    family,
    from_units,
    from_revenue,
    from_margin,
    to_units,
    to_revenue,
    to_margin,
    coalesce(
        round(revenue_at_old_price, 2) - round(to_units * (from_revenue / nullif(from_units, 0)), 2), 0
    ) as mix_revenue,
    coalesce(
        round(margin_at_old_margin, 2) - round(to_units * (from_margin / nullif(from_units, 0)), 2), 0
    ) as mix_margin,
    new_revenue,
    new_margin,
    ended_revenue,
    ended_margin
from families
