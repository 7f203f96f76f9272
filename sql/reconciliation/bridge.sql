-- grain: one row per measure, fiscal year, family and cause with an effect; the causes of a family add up to the cent
-- volume = change in units x the reference's average; mix as measured; exchange is what other rates bring of sales in
-- other currencies; price is what is left of revenue, cost of margin. A family without units on both sides is one
-- bar: "units" where its own do not add up, "family" where nothing planned it in units (METHODS 6).
-- reads: bridge_sides = bridge_sides_last_year, exchange_effects
-- binds: $reference varchar
with rates as (
    select *
    from exchange_effects
    where reference = $reference
),

sides as (
    select
        bridge_sides.fiscal_year,
        bridge_sides.family,
        from_units,
        to_units,
        from_revenue::decimal(28, 2) as from_revenue,
        from_margin::decimal(28, 2) as from_margin,
        to_revenue::decimal(28, 2) as to_revenue,
        to_margin::decimal(28, 2) as to_margin,
        mix_revenue::decimal(28, 2) as mix_revenue,
        mix_margin::decimal(28, 2) as mix_margin,
        new_revenue::decimal(28, 2) as new_revenue,
        new_margin::decimal(28, 2) as new_margin,
        ended_revenue::decimal(28, 2) as ended_revenue,
        ended_margin::decimal(28, 2) as ended_margin,
        case
            when from_revenue is null
                then 'new'
            when to_revenue is null
                then 'ended'
            when to_units is null
                then 'units'
            when coalesce(from_units, 0) <= 0
                then 'family'
            else 'split'
        end as kind,
        coalesce(rates.amount, 0)::decimal(28, 2) as exchange
    from bridge_sides
    left join rates
        on bridge_sides.fiscal_year = rates.fiscal_year and bridge_sides.family = rates.family
),

changes as (
    select
        *,
        coalesce(to_revenue, 0) - coalesce(from_revenue, 0) as revenue_change,
        coalesce(to_margin, 0) - coalesce(from_margin, 0) as margin_change,
        case
            when kind = 'split' then round((to_units - from_units) * (from_revenue / from_units), 2)::decimal(28, 2)
        end as volume_revenue,
        case
            when kind = 'split' then round((to_units - from_units) * (from_margin / from_units), 2)::decimal(28, 2)
        end as volume_margin
    from sides
),

known as (
    select
        (bool_or(from_revenue is not null) and bool_or(to_revenue is not null))
        or bool_or(new_revenue <> 0 or ended_revenue <> 0) as has_revenue,
        (bool_or(from_margin is not null) and bool_or(to_margin is not null))
        or bool_or(new_margin <> 0 or ended_margin <> 0) as has_margin
    from sides
),

effects as (
    select
        'revenue' as measure,
        fiscal_year,
        family,
        kind,
        'volume' as cause,
        volume_revenue as amount
    from changes
    where kind = 'split'
    union all
    select
        'revenue' as measure,
        fiscal_year,
        family,
        kind,
        'mix' as cause,
        mix_revenue as amount
    from changes
    where kind = 'split'
    union all
    select
        'revenue' as measure,
        fiscal_year,
        family,
        kind,
        'exchange' as cause,
        exchange as amount
    from changes
    where kind = 'split'
    union all
    select
        'revenue' as measure,
        fiscal_year,
        family,
        kind,
        'price' as cause,
        revenue_change - volume_revenue - mix_revenue - exchange as amount
    from changes
    where kind = 'split'
    union all
    select
        'revenue' as measure,
        fiscal_year,
        family,
        kind,
        kind as cause,
        revenue_change as amount
    from changes
    where kind <> 'split'
    union all
    select
        'revenue' as measure,
        fiscal_year,
        family,
        kind,
        'new' as cause,
        new_revenue as amount
    from changes
    union all
    select
        'revenue' as measure,
        fiscal_year,
        family,
        kind,
        'ended' as cause,
        ended_revenue as amount
    from changes
    union all
    select
        'margin' as measure,
        fiscal_year,
        family,
        kind,
        'volume' as cause,
        coalesce(volume_margin, 0) as amount
    from changes
    where kind = 'split'
    union all
    select
        'margin' as measure,
        fiscal_year,
        family,
        kind,
        'mix' as cause,
        mix_margin as amount
    from changes
    where kind = 'split'
    union all
    select
        'margin' as measure,
        fiscal_year,
        family,
        kind,
        'exchange' as cause,
        exchange as amount
    from changes
    where kind = 'split'
    union all
    select
        'margin' as measure,
        fiscal_year,
        family,
        kind,
        'price' as cause,
        revenue_change - volume_revenue - mix_revenue - exchange as amount
    from changes
    where kind = 'split'
    union all
    select
        'margin' as measure,
        fiscal_year,
        family,
        kind,
        'cost' as cause,
        margin_change
        - coalesce(volume_margin, 0)
        - mix_margin
        - (revenue_change - volume_revenue - mix_revenue) as amount
    from changes
    where kind = 'split'
    union all
    select
        'margin' as measure,
        fiscal_year,
        family,
        kind,
        kind as cause,
        margin_change as amount
    from changes
    where kind <> 'split'
    union all
    select
        'margin' as measure,
        fiscal_year,
        family,
        kind,
        'new' as cause,
        new_margin as amount
    from changes
    union all
    select
        'margin' as measure,
        fiscal_year,
        family,
        kind,
        'ended' as cause,
        ended_margin as amount
    from changes
)

select
    effects.measure,
    effects.fiscal_year,
    effects.family,
    effects.cause,
    sum(effects.amount)::decimal(28, 2) as amount
from effects
cross join known
where (effects.measure = 'revenue' and known.has_revenue) or (effects.measure = 'margin' and known.has_margin)
group by effects.measure, effects.fiscal_year, effects.family, effects.cause
having sum(effects.amount) <> 0
