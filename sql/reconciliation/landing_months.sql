-- grain: one row per fiscal year, month and measure: the company's amount in each view, and its range
-- The range scales planned months by the company's demand range of the month (P10 / mean, P90 / mean).
-- reads: financial_plan, business_plan, last_plan, demand_range, fiscal_months
with amounts as (
    select 'latest' as view, month, revenue, margin, inventory_value from financial_plan
    union all
    select 'business_plan', month, revenue, margin, inventory_value from business_plan
    union all
    select 'last_plan', month, revenue, margin, inventory_value from last_plan
),

company_months as (
    select
        view, month, sum(revenue) as revenue, sum(margin) as margin, sum(inventory_value) as inventory_value,
        sum(case when margin is not null then revenue end) as revenue_with_margin
    from amounts
    group by view, month
),

last_cycle as (
    select min(month) as first_month from last_plan
),

spread as (
    select
        month,
        cast(case when mean > 0 then p10 / mean else 1 end as decimal(18, 6)) as low,
        cast(case when mean > 0 then p90 / mean else 1 end as decimal(18, 6)) as high
    from demand_range
    where level = 'company'
),

views as (
    select
        f.fiscal_year, f.month, f.basis, n.revenue, n.margin, n.inventory_value, n.revenue_with_margin,
        case when f.has_business_plan then b.revenue end as plan_revenue,
        case when f.has_business_plan then b.margin end as plan_margin,
        case when f.has_business_plan then b.inventory_value end as plan_inventory_value,
        case when f.has_business_plan then b.revenue_with_margin end as plan_revenue_with_margin,
        case when c.first_month is null then null when f.month < c.first_month then n.revenue else l.revenue end
            as before_revenue,
        case when c.first_month is null then null when f.month < c.first_month then n.margin else l.margin end
            as before_margin,
        l.inventory_value as before_inventory_value,
        case
            when c.first_month is null then null
            when f.month < c.first_month then n.revenue_with_margin
            else l.revenue_with_margin
        end as before_revenue_with_margin,
        case when f.has_last_year then y.revenue end as year_revenue,
        case when f.has_last_year then y.margin end as year_margin,
        case when f.has_last_year then y.inventory_value end as year_inventory_value,
        case when f.has_last_year then y.revenue_with_margin end as year_revenue_with_margin,
        case when f.basis = 'plan' then s.low else 1 end as low,
        case when f.basis = 'plan' then s.high else 1 end as high,
        f.month = max(f.month) over (partition by f.fiscal_year) as is_year_end
    from fiscal_months as f
    cross join last_cycle as c
    left join company_months as n on n.view = 'latest' and f.month = n.month
    left join company_months as b on b.view = 'business_plan' and f.month = b.month
    left join company_months as l on l.view = 'last_plan' and f.month = l.month
    left join company_months as y on y.view = 'latest' and f.month = y.month + interval 1 year
    left join spread as s on f.month = s.month
)

select
    fiscal_year, month, basis, 'revenue' as measure, is_year_end, revenue as latest,
    round(revenue * low, 2) as p10, round(revenue * high, 2) as p90,
    plan_revenue as business_plan, before_revenue as last_plan, year_revenue as last_year
from views
union all
select
    fiscal_year, month, basis, 'margin', is_year_end, margin,
    round(margin * low, 2), round(margin * high, 2), plan_margin, before_margin, year_margin
from views
union all
select
    fiscal_year, month, basis, 'revenue_with_margin', is_year_end, revenue_with_margin,
    null, null, plan_revenue_with_margin, before_revenue_with_margin, year_revenue_with_margin
from views
union all
select
    fiscal_year, month, basis, 'inventory_value', is_year_end, inventory_value,
    null, null, plan_inventory_value, before_inventory_value, year_inventory_value
from views
