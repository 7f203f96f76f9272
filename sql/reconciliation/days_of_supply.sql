-- grain: one row per product and planned month: calendar days of demand that the closing stock covers
-- Forward depletion: the month in which the demand still to come has used the stock up, and the share of it reached.
-- Null where stock outlives two years beyond the plan.
-- reads: production_schedule, demand_path
with closing as (
    select s.product_id, s.month, s.inventory, p.days_to_end, p.demand_to_end + s.inventory as used_up_at
    from production_schedule as s
    inner join demand_path as p on s.product_id = p.product_id and s.month = p.month
),

first_reached as (
    select product_id, demand_to_end, min(month) as month
    from demand_path
    group by product_id, demand_to_end
),

reached as (
    select c.product_id, c.month, c.inventory, c.days_to_end, c.used_up_at, f.month as end_month
    from closing as c
    asof left join first_reached as f on c.product_id = f.product_id and c.used_up_at <= f.demand_to_end
)

select
    r.product_id, r.month,
    case
        when r.inventory <= 0 then 0
        when p.quantity > 0 then round(
            p.days_to_end - p.days - r.days_to_end
            + (r.used_up_at - p.demand_to_end + p.quantity) * p.days / p.quantity, 6
        )
    end as days_of_supply
from reached as r
left join demand_path as p on r.product_id = p.product_id and r.end_month = p.month
