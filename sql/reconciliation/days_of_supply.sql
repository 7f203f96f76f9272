-- grain: one row per product and planned month: calendar days of demand that the closing stock covers
-- Forward depletion: the month in which the demand still to come has used the stock up, and the share of it reached.
-- Null where stock outlives two years beyond the plan.
-- reads: production_schedule, demand_path
with closing as (
    select
        production_schedule.product_id,
        production_schedule.month,
        production_schedule.inventory,
        demand_path.days_to_end,
        demand_path.demand_to_end + production_schedule.inventory as used_up_at
    from production_schedule
    inner join demand_path
        on
            production_schedule.product_id = demand_path.product_id
            and production_schedule.month = demand_path.month
),

first_reached as (
    select
        product_id,
        demand_to_end,
        min(month) as month
    from demand_path
    group by product_id, demand_to_end
),

reached as (
    select
        closing.product_id,
        closing.month,
        closing.inventory,
        closing.days_to_end,
        closing.used_up_at,
        first_reached.month as end_month
    from closing
    asof left join first_reached
        on
            closing.product_id = first_reached.product_id
            and closing.used_up_at <= first_reached.demand_to_end
)

select
    reached.product_id,
    reached.month,
    case
        when reached.inventory <= 0
            then 0
        when demand_path.quantity > 0
            then
                round(
                    demand_path.days_to_end
                    - demand_path.days
                    - reached.days_to_end
                    + (reached.used_up_at - demand_path.demand_to_end + demand_path.quantity)
                    * demand_path.days
                    / demand_path.quantity,
                    6
                )
    end as days_of_supply
from reached
left join demand_path on reached.product_id = demand_path.product_id and reached.end_month = demand_path.month
