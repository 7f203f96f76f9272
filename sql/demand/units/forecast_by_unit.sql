-- grain: one row per approach, level, item and month: the engine's forecast in the level's unit, its quantiles in
-- proportion
-- reads: engine_forecast, totals_by_unit
select
    engine.approach,
    engine.level,
    engine.item_id,
    engine.month,
    totals.mean,
    (engine.p10::double * totals.ratio)::decimal(28, 4) as p10,
    (engine.p50::double * totals.ratio)::decimal(28, 4) as p50,
    (engine.p90::double * totals.ratio)::decimal(28, 4) as p90,
    engine.flag,
    engine.model
from engine_forecast as engine
inner join totals_by_unit as totals using (approach, level, item_id, month)
