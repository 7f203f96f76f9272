-- grain: one row per level, item and period of the chosen approach, from the total down
-- Periods go by the file's names for them, and have all their weeks.
-- reads: forecast, names, quantiles = demand/forecast/other_quantiles
-- binds: $levels varchar[]
-- structure: {columns: [p10, p25, p50, p90, p95], others: true}
-- structure: {columns: [p10, p50, p90], others: false}
with levels as (
    select
        unnest($levels) as level,
        unnest(range(len($levels))) as level_no
)

select
    forecast.item_id as unique_id,
    forecast.level,
    names.name as month,
    {% for column in columns %}
    ("{{ column }}" * names.weeks)::decimal(28, 4) as "{{ column }}",
    {% endfor %}
    (forecast.mean * names.weeks)::decimal(28, 4) as mean
from forecast
inner join names using (month)
inner join levels using (level)
{% if others %}
inner join quantiles using (level, item_id, month)
{% endif %}
order by levels.level_no, forecast.item_id, forecast.month
