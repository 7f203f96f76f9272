-- grain: one row per approach, node, run and lag of the backtest
-- Errors taken back to one step ahead: comparable over nodes and lags.
-- reads: unit_errors, error_growth
-- binds: $growth_power double
select
    unit_errors.approach,
    unit_errors.level_no,
    unit_errors.is_intermittent,
    unit_errors.is_erratic,
    unit_errors.node_id,
    unit_errors.run,
    unit_errors.lag,
    unit_errors.half,
    unit_errors.error / (1 + error_growth.growth * unit_errors.lag) ** $growth_power as score
from unit_errors
inner join error_growth using (approach, level_no)
