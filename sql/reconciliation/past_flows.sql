-- grain: one row per month before the plan: the company's revenue and purchases, and how many months ago that was
-- reads: family_flows
-- binds: $cycle_month date
select
    date_diff('month', month, $cycle_month) as months_back,
    sum(revenue)::decimal(28, 2) as revenue,
    sum(purchases)::decimal(28, 2) as purchases
from family_flows
where basis = 'actual'
group by month
