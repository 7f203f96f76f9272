-- grain: one row per approach, level, item, origin and lag: the engine's backtest in the months' own working days
-- levels whose units cannot be added are left out
-- reads: engine_backtest, level_units, working_day_factors, demand_history
-- binds: $company varchar
select
    backtest.approach,
    backtest.level,
    if(backtest.level = 'company', $company, backtest.item_id) as item_id,
    backtest.origin,
    backtest.lag,
    backtest.month,
    (backtest.forecast::double * coalesce(factors.factor, 1))::decimal(28, 4) as forecast,
    coalesce(history.cleansed, (backtest.actual::double * coalesce(factors.factor, 1))::decimal(28, 4)) as actual,
    backtest.is_judged,
    units.unit_of_measure
from engine_backtest as backtest
inner join level_units as units
    on backtest.level = units.level and if(backtest.level = 'company', $company, backtest.item_id) = units.item_id
left join working_day_factors as factors on backtest.month = factors.month
left join demand_history as history
    on if(backtest.level = 'product', backtest.item_id, null) = history.product_id and backtest.month = history.month
order by backtest.approach, backtest.level, item_id, backtest.origin, backtest.lag
