-- grain: one row per fiscal year, month and measure: the company's amount in each view, and its range
-- The range scales planned months by the company's demand range of the month (P10 / mean, P90 / mean), drawn in by what
-- months do not share, so that the year's sum has the range of the demand paths and not of months that all move
-- together.
-- reads: financial_plan, business_plan, last_plan, demand_range, fiscal_months, year_spread
with amounts as (
    select
        'latest' as view,
        month,
        revenue,
        margin,
        inventory_value
    from financial_plan
    union all
    select
        'business_plan' as view,
        month,
        revenue,
        margin,
        inventory_value
    from business_plan
    union all
    select
        'last_plan' as view,
        month,
        revenue,
        margin,
        inventory_value
    from last_plan
),

last_cycle as (
    select min(month) as first_month
    from last_plan
),

spread as (
    select
        month,
        case when mean > 0 then p10 / mean else 1 end::decimal(28, 6) as low,
        case when mean > 0 then p90 / mean else 1 end::decimal(28, 6) as high
    from demand_range
    where level = 'company'
),

company_months as (
    select
        view,
        month,
        sum(revenue) as revenue,
        sum(margin) as margin,
        sum(inventory_value) as inventory_value,
        sum(case when margin is not null then revenue end) as revenue_with_margin
    from amounts
    group by view, month
),

views as (
    select
        fiscal_months.fiscal_year,
        fiscal_months.month,
        fiscal_months.basis,
        latest.revenue,
        latest.margin,
        latest.inventory_value,
        latest.revenue_with_margin,
        case when fiscal_months.has_business_plan then business.revenue end as plan_revenue,
        case when fiscal_months.has_business_plan then business.margin end as plan_margin,
        case when fiscal_months.has_business_plan then business.inventory_value end as plan_inventory_value,
        case when fiscal_months.has_business_plan then business.revenue_with_margin end as plan_revenue_with_margin,
        case
            when last_cycle.first_month is null
                then null
            when fiscal_months.month < last_cycle.first_month
                then latest.revenue
            else before.revenue
        end as before_revenue,
        case
            when last_cycle.first_month is null
                then null
            when fiscal_months.month < last_cycle.first_month
                then latest.margin
            else before.margin
        end as before_margin,
        before.inventory_value as before_inventory_value,
        case
            when last_cycle.first_month is null
                then null
            when fiscal_months.month < last_cycle.first_month
                then latest.revenue_with_margin
            else before.revenue_with_margin
        end as before_revenue_with_margin,
        case when fiscal_months.has_last_year then year_before.revenue end as year_revenue,
        case when fiscal_months.has_last_year then year_before.margin end as year_margin,
        case when fiscal_months.has_last_year then year_before.inventory_value end as year_inventory_value,
        case when fiscal_months.has_last_year then year_before.revenue_with_margin end as year_revenue_with_margin,
        case
            when fiscal_months.basis = 'plan' then 1 + coalesce(year_spread.ratio, 1) * (spread.low - 1) else 1
        end as low,
        case
            when fiscal_months.basis = 'plan' then 1 + coalesce(year_spread.ratio, 1) * (spread.high - 1) else 1
        end as high,
        fiscal_months.month = max(fiscal_months.month) over (partition by fiscal_months.fiscal_year) as is_year_end
    from fiscal_months
    cross join last_cycle
    left join company_months as latest on latest.view = 'latest' and fiscal_months.month = latest.month
    left join company_months as business on business.view = 'business_plan' and fiscal_months.month = business.month
    left join company_months as before on before.view = 'last_plan' and fiscal_months.month = before.month
    left join company_months as year_before
        on year_before.view = 'latest' and fiscal_months.month = year_before.month + interval 1 year
    left join spread on fiscal_months.month = spread.month
    left join year_spread on fiscal_months.fiscal_year = year_spread.fiscal_year
)

select
    fiscal_year,
    month,
    basis,
    'revenue' as measure,
    is_year_end,
    revenue as latest,
    round(revenue * low, 2) as p10,
    round(revenue * high, 2) as p90,
    plan_revenue as business_plan,
    before_revenue as last_plan,
    year_revenue as last_year
from views
union all
select
    fiscal_year,
    month,
    basis,
    'margin' as measure,
    is_year_end,
    margin as latest,
    round(margin * low, 2) as p10,
    round(margin * high, 2) as p90,
    plan_margin as business_plan,
    before_margin as last_plan,
    year_margin as last_year
from views
union all
select
    fiscal_year,
    month,
    basis,
    'revenue_with_margin' as measure,
    is_year_end,
    revenue_with_margin as latest,
    null as p10,
    null as p90,
    plan_revenue_with_margin as business_plan,
    before_revenue_with_margin as last_plan,
    year_revenue_with_margin as last_year
from views
union all
select
    fiscal_year,
    month,
    basis,
    'inventory_value' as measure,
    is_year_end,
    inventory_value as latest,
    null as p10,
    null as p90,
    plan_inventory_value as business_plan,
    before_inventory_value as last_plan,
    year_inventory_value as last_year
from views
