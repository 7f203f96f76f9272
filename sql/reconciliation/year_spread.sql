-- grain: one row per fiscal year with planned months: how wide their sum spreads against its months added up
-- The demand paths that plans are run against say what months share (docs/decisions/0012): a variation of the company,
-- of the family and of the item, each carried over from month to month. By the same shares a year's planned months
-- have variance ``sum over t, s of C(t, s)``; months that all moved together would have 1.
-- reads: demand_distribution, fiscal_months
with months as (
    select
        fiscal_year,
        month
    from fiscal_months
    where basis = 'plan'
),

spreads as (
    select
        months.fiscal_year,
        months.month,
        paths.item_id,
        paths.family,
        greatest(paths.p90 - paths.p10, 0)::double * paths.company_weight::double as spread,
        greatest(paths.company_share, 0)::double as company_share,
        greatest(paths.family_share, 0)::double as family_share,
        paths.company_persistence::double as company_persistence,
        paths.family_persistence::double as family_persistence,
        paths.own_persistence::double as own_persistence
    from demand_distribution as paths
    inner join months on paths.month = months.month
),

-- one row per year, month and thing that varies on its own: what it moves, and how much of it carries over
variations as (
    select
        fiscal_year,
        month,
        'company' as thing,
        sum((sqrt(company_share) * spread)::decimal(38, 6))::double as spread,
        max(company_persistence) as carried
    from spreads
    group by fiscal_year, month
    union all
    select
        fiscal_year,
        month,
        'family ' || family as thing,
        sum((sqrt(family_share) * spread)::decimal(38, 6))::double as spread,
        max(family_persistence) as carried
    from spreads
    group by fiscal_year, month, family
    union all
    select
        fiscal_year,
        month,
        'item ' || item_id as thing,
        sqrt(greatest(1 - company_share - family_share, 0)) * spread as spread,
        own_persistence as carried
    from spreads
),

together as (
    select
        one.fiscal_year,
        sum(
            (one.spread * other.spread * one.carried ** abs(date_diff('month', one.month, other.month)))::decimal(38, 6)
        )::double as variance
    from variations as one
    inner join variations as other on one.fiscal_year = other.fiscal_year and one.thing = other.thing
    group by one.fiscal_year
),

alone as (
    select
        fiscal_year,
        month,
        sqrt(sum((spread * spread)::decimal(38, 6))::double) as spread
    from variations
    group by fiscal_year, month
),

added as (
    select
        fiscal_year,
        sum(spread::decimal(38, 6))::double as spread
    from alone
    group by fiscal_year
)

select
    together.fiscal_year,
    coalesce(least(sqrt(together.variance) / nullif(added.spread, 0), 1), 1) as ratio
from together
inner join added on together.fiscal_year = added.fiscal_year
