-- grain: one row per measure and fiscal year: money added up over the year, stock at its end, margin as a share
-- A view in which a month is unknown is null, so that part of a year never passes for the whole.
-- reads: landing_months
{% set views = ['latest', 'p10', 'p90', 'business_plan', 'last_plan', 'last_year'] %}
with added_up as (
    select
        {% for view in views %}
        case
            when bool_and({{ view }} is not null or (measure = 'inventory_value' and not is_year_end))
                then sum(case when measure <> 'inventory_value' or is_year_end then {{ view }} end)
        end::decimal(28, 4) as {{ view }},
        {% endfor %}
        measure,
        fiscal_year
    from landing_months
    group by measure, fiscal_year
),

shares as (
    select
        {% for view in views %}
        case
            when revenue.{{ view }} > 0 then round(margin.{{ view }} / revenue.{{ view }}, 4)
        end::decimal(28, 4) as {{ view }},
        {% endfor %}
        'margin_pct' as measure,
        margin.fiscal_year
    from added_up as margin
    inner join added_up as revenue on margin.fiscal_year = revenue.fiscal_year
    where margin.measure = 'margin' and revenue.measure = 'revenue_with_margin'
)

select
    measure,
    fiscal_year,
    'currency' as unit,
    {{ views | join(', ') }}
from added_up
where measure <> 'revenue_with_margin'
union all
select
    measure,
    fiscal_year,
    'share' as unit,
    {{ views | join(', ') }}
from shares
