-- grain: one row per level, item and period of the chosen approach, from the total down
-- A quarter is written with the month the file writes its quarters with.
-- reads: forecast
-- binds: $month_in_period bigint, $levels varchar[]
with levels as (
    select
        unnest($levels) as level,
        unnest(range(len($levels))) as level_no
)

select
    forecast.item_id as unique_id,
    forecast.level,
    strftime(forecast.month + to_months($month_in_period::integer), '%Y-%m') as month,
    forecast.mean,
    forecast.p10,
    forecast.p50,
    forecast.p90
from forecast
inner join levels using (level)
order by levels.level_no, forecast.item_id, forecast.month
