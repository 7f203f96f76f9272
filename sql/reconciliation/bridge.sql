-- grain: one row per measure, fiscal year, family and cause with an effect; the causes of a family add up to the cent
-- volume = change in units x the reference's average; mix as measured; price (exchange included) is what is left of
-- revenue; cost is what is left of margin. A family without units on both sides is one bar (METHODS 6).
-- reads: bridge_sides = bridge_sides_last_year
with sides as (
    select
        fiscal_year, family, from_units, to_units,
        cast(from_revenue as decimal(18, 2)) as from_revenue,
        cast(from_margin as decimal(18, 2)) as from_margin,
        cast(to_revenue as decimal(18, 2)) as to_revenue,
        cast(to_margin as decimal(18, 2)) as to_margin,
        cast(mix_revenue as decimal(18, 2)) as mix_revenue,
        cast(mix_margin as decimal(18, 2)) as mix_margin,
        cast(new_revenue as decimal(18, 2)) as new_revenue,
        cast(new_margin as decimal(18, 2)) as new_margin,
        cast(ended_revenue as decimal(18, 2)) as ended_revenue,
        cast(ended_margin as decimal(18, 2)) as ended_margin,
        case
            when from_revenue is null then 'new'
            when to_revenue is null then 'ended'
            when coalesce(from_units, 0) <= 0 or to_units is null then 'family'
            else 'split'
        end as kind
    from bridge_sides
),

changes as (
    select
        *,
        coalesce(to_revenue, 0) - coalesce(from_revenue, 0) as revenue_change,
        coalesce(to_margin, 0) - coalesce(from_margin, 0) as margin_change,
        case when kind = 'split'
            then cast(round((to_units - from_units) * (from_revenue / from_units), 2) as decimal(18, 2))
        end as volume_revenue,
        case when kind = 'split'
            then cast(round((to_units - from_units) * (from_margin / from_units), 2) as decimal(18, 2))
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
    select 'revenue' as measure, fiscal_year, family, kind, 'volume' as cause, volume_revenue as amount from changes
    where kind = 'split'
    union all
    select 'revenue', fiscal_year, family, kind, 'mix', mix_revenue from changes
    where kind = 'split'
    union all
    select 'revenue', fiscal_year, family, kind, 'price', revenue_change - volume_revenue - mix_revenue from changes
    where kind = 'split'
    union all
    select 'revenue', fiscal_year, family, kind, kind as cause, revenue_change from changes
    where kind <> 'split'
    union all
    select 'revenue', fiscal_year, family, kind, 'new', new_revenue from changes
    union all
    select 'revenue', fiscal_year, family, kind, 'ended', ended_revenue from changes
    union all
    select 'margin', fiscal_year, family, kind, 'volume', coalesce(volume_margin, 0) from changes
    where kind = 'split'
    union all
    select 'margin', fiscal_year, family, kind, 'mix', mix_margin from changes
    where kind = 'split'
    union all
    select 'margin', fiscal_year, family, kind, 'price', revenue_change - volume_revenue - mix_revenue from changes
    where kind = 'split'
    union all
    select
        'margin', fiscal_year, family, kind, 'cost',
        margin_change - coalesce(volume_margin, 0) - mix_margin - (revenue_change - volume_revenue - mix_revenue)
    from changes
    where kind = 'split'
    union all
    select 'margin', fiscal_year, family, kind, kind as cause, margin_change from changes
    where kind <> 'split'
    union all
    select 'margin', fiscal_year, family, kind, 'new', new_margin from changes
    union all
    select 'margin', fiscal_year, family, kind, 'ended', ended_margin from changes
)

select e.measure, e.fiscal_year, e.family, e.cause, cast(sum(e.amount) as decimal(18, 2)) as amount
from effects as e
cross join known as k
where (e.measure = 'revenue' and k.has_revenue) or (e.measure = 'margin' and k.has_margin)
group by e.measure, e.fiscal_year, e.family, e.cause
having sum(e.amount) <> 0
