-- grain: one row per family, feature, lead and month of completion: what the demand plan takes
-- reads: demand_plan, bill
select
    d.family,
    b.feature,
    b.lead_months,
    d.month as completed,
    sum(cast(d.quantity as decimal(28, 4)) * b.quantity) as units
from demand_plan as d
inner join bill as b on d.product_id = b.product_id
group by all
order by all
