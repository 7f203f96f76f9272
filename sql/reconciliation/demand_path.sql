-- grain: one row per product and month, planned and beyond: demand and calendar days added up since the start
-- Beyond the horizon the last month's demand a day repeats for two years, so that stock at the end has days of supply.
-- reads: demand_plan
with planned as (
    select
        product_id,
        month,
        greatest(quantity, 0) as quantity,
        day(last_day(month)) as days
    from demand_plan
),

steps as (
    select unnest(range(1, 25)) as ahead
),

last_months as (
    select
        product_id,
        max(month) as month,
        arg_max(quantity, month) as quantity,
        arg_max(days, month) as days
    from planned
    group by product_id
),

beyond as (
    select
        last_months.product_id,
        (last_months.month + to_months(steps.ahead::integer))::date as month,
        last_months.quantity,
        last_months.days
    from last_months
    cross join steps
),

path as (
    select
        product_id,
        month,
        quantity,
        days
    from planned
    union all
    select
        product_id,
        month,
        quantity,
        days
    from beyond
)

select
    product_id,
    month,
    quantity,
    days,
    (sum(quantity) over so_far)::decimal(28, 4) as demand_to_end,
    (sum(days) over so_far)::bigint as days_to_end
from path
window so_far as (partition by product_id order by month rows unbounded preceding)
