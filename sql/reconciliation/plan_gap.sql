-- grain: one row per measure, family and month, from twelve months back to the end of the plan
-- The gap is against the business plan; for a measure the business plan does not have, against the year before.
-- The last plan is what the last cycle's own view said of the month: an actual of then, or its plan.
-- reads: financial_plan, business_plan, last_view = financial_plan
-- binds: $first_month date
with
{% for view, table in [('latest', 'financial_plan'), ('business', 'business_plan'), ('before', 'last_view')] %}
{{ view }}_wide as (
    select
        family,
        month,
        {{ 'basis,' if view != 'business' }}
        units,
        revenue::decimal(28, 4) as revenue,
        margin::decimal(28, 4) as margin,
        inventory_value::decimal(28, 4) as inventory_value
    from {{ table }}
),

{% endfor %}
months as (
    select distinct
        month,
        basis
    from financial_plan
    where month >= $first_month
),

latest as (
    select
        family,
        month,
        basis,
        measure,
        amount
    from latest_wide unpivot include nulls (amount for measure in (units, revenue, margin, inventory_value))
),

business as (
    select
        family,
        month,
        measure,
        amount
    from business_wide unpivot (amount for measure in (units, revenue, margin, inventory_value))
),

before as (
    select
        family,
        month,
        basis,
        measure,
        amount
    from before_wide unpivot (amount for measure in (units, revenue, margin, inventory_value))
),

measures as (
    select
        measure,
        measure in (select measure from business) as has_business_plan,
        bool_or(amount is not null) as is_known
    from latest
    group by measure
),

items as (
    select
        measure,
        family,
        month
    from latest
    union
    select
        measure,
        family,
        month
    from business
    union
    select
        measure,
        family,
        month
    from before
),

compared as (
    select
        items.measure,
        items.family,
        months.month,
        months.basis,
        measures.has_business_plan,
        case when latest.family is not null then latest.amount when measures.is_known then 0 end as latest,
        business.amount as business_plan,
        before.amount as last_plan,
        before.basis as last_basis,
        year_before.amount as last_year
    from items
    inner join months on items.month = months.month
    inner join measures on items.measure = measures.measure
    left join latest on items.measure = latest.measure and items.family = latest.family and items.month = latest.month
    left join business
        on
            items.measure = business.measure
            and items.family = business.family
            and items.month = business.month
    left join
        before on items.measure = before.measure and items.family = before.family and items.month = before.month
    left join latest as year_before
        on
            items.measure = year_before.measure
            and items.family = year_before.family
            and items.month = year_before.month + interval 1 year
)

select
    measure,
    family,
    month,
    basis,
    latest,
    business_plan,
    last_plan,
    last_basis,
    last_year,
    latest - case when has_business_plan then business_plan else last_year end as gap
from compared
