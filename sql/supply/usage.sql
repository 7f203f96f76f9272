-- grain: one row per family, feature, lead and month of completion: what the demand plan takes
-- reads: demand_plan, bill
select
    demand_plan.family,
    bill.feature,
    bill.lead_months,
    demand_plan.month as completed,
    sum(demand_plan.quantity::decimal(28, 4) * bill.quantity) as units
from demand_plan
inner join bill on demand_plan.product_id = bill.product_id
group by all
order by all
