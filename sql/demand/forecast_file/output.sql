-- grain: one row per level, item and period of the chosen approach, from the total down
-- Periods go by the file's names for them, and have all their weeks.
-- reads: forecast, names
-- binds: $levels varchar[]
with levels as (
    select
        unnest($levels) as level,
        unnest(range(len($levels))) as level_no
)

select
    forecast.item_id as unique_id,
    forecast.level,
    names.name as month,
    (forecast.mean * names.weeks)::decimal(28, 4) as mean,
    (forecast.p10 * names.weeks)::decimal(28, 4) as p10,
    (forecast.p50 * names.weeks)::decimal(28, 4) as p50,
    (forecast.p90 * names.weeks)::decimal(28, 4) as p90
from forecast
inner join names using (month)
inner join levels using (level)
order by levels.level_no, forecast.item_id, forecast.month
