-- grain: one row per month of a fiscal year that the latest view covers whole, or of the cycle's own fiscal year
-- A fiscal year is named by the year it ends in. It has a reference: the business plan where that covers each of the
-- months, else the year before where that is known for each of them, else none. It does not cover a month for which it
-- leaves out a family that sold in the year before and sells in the month: the whole is not compared with a part.
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

selling as (
    select
        family,
        month,
        year(month + to_months($fiscal_lead_months)) as fiscal_year
    from financial_plan
    where coalesce(revenue, 0) <> 0 or coalesce(units, 0) <> 0
),

planned as (
    select
        family,
        month
    from business_plan
    where revenue is not null or units is not null
),

own_year as (
    select fiscal_year
    from known_months
    where month = $cycle_month
),

left_out as (
    select distinct selling.month
    from selling
    inner join selling as before
        on selling.family = before.family and selling.fiscal_year = before.fiscal_year + 1
    left join planned on selling.family = planned.family and selling.month = planned.month
    where planned.month is null and exists (select 1 from planned where family is not null)
),

covered as (
    select
        known_months.fiscal_year,
        known_months.month,
        known_months.basis,
        count(*) over (partition by known_months.fiscal_year) as months,
        known_months.month
        in (select month from planned)
        and known_months.month not in (select month from left_out) as in_business_plan,
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
