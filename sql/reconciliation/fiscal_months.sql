-- grain: one row per month of a fiscal year that the latest view covers whole, or of the cycle's own fiscal year
-- A fiscal year is named by the year it ends in. It has a reference: the business plan where that covers each of the
-- months, else the year before where that is known for each of them, else none.
-- reads: financial_plan, business_plan
-- binds: $fiscal_lead_months bigint, $cycle_month date
with known_months as (
    select
        month,
        basis,
        year(month + to_months($fiscal_lead_months)) as fiscal_year
    from financial_plan
    group by month, basis
),

own_year as (
    select fiscal_year
    from known_months
    where month = $cycle_month
),

covered as (
    select
        known_months.fiscal_year,
        known_months.month,
        known_months.basis,
        count(*) over (partition by known_months.fiscal_year) as months,
        known_months.month
        in (select month from business_plan where revenue is not null or units is not null) as in_business_plan,
        (known_months.month - interval 1 year)::date in (select month from known_months) as in_last_year
    from known_months
    where known_months.fiscal_year >= (select fiscal_year from own_year)
),

judged as (
    select
        *,
        bool_and(in_business_plan) over (partition by fiscal_year) as has_business_plan,
        bool_and(in_last_year) over (partition by fiscal_year) as has_last_year
    from covered
    where months = 12 or fiscal_year = (select fiscal_year from own_year)
)

select
    fiscal_year,
    month,
    basis,
    has_business_plan,
    has_last_year,
    case when has_business_plan then 'business_plan' when has_last_year then 'last_year' end as reference
from judged
order by month
