-- grain: one row per level, item and kind of event: its effect with a range, and what it brings in the months planned
-- reads: effects_today, events_ahead, forecast, level_units
-- binds: $approach varchar
with ahead as (
    select
        events.level,
        events.item_id,
        events.kind,
        count(*) as months_ahead,
        sum(events.size::decimal(28, 6))::double / count(*) as size_ahead,
        sum((forecast.mean::double * events.share)::decimal(28, 4)) as units_ahead
    from events_ahead as events
    left join forecast
        on
            events.level = forecast.level
            and events.item_id = forecast.item_id
            and events.month = forecast.month
            and forecast.approach = $approach
    group by events.level, events.item_id, events.kind
)

select
    effects.level,
    effects.item_id,
    effects.kind,
    effects.outcome,
    effects.used,
    effects.effect,
    effects.standard_error,
    effects.effect - 1.281552 * effects.standard_error as p10,
    effects.effect + 1.281552 * effects.standard_error as p90,
    effects.cases,
    effects.pooled_cases,
    effects.drawn_from,
    coalesce(ahead.months_ahead, 0) as months_ahead,
    ahead.size_ahead,
    if(effects.used, ahead.units_ahead, null) as units_ahead,
    units.unit_of_measure
from effects_today as effects
left join level_units as units on effects.level = units.level and effects.item_id = units.item_id
left join ahead
    on effects.level = ahead.level and effects.item_id = ahead.item_id and effects.kind = ahead.kind
order by effects.level, effects.item_id, effects.kind
