-- grain: one row per node, run and period
-- A run is one forecast made: 0 is the real one, others are named by the origin period they pretend to stand at, and
-- have beside them what came. Quantities leave floating point here, once.
-- reads: base_forecast, nodes, node_history
with runs as (
    select
        *,
        if(newest, 0, origin_period)::integer as run,
        (origin_period + lag)::integer as period
    from base_forecast
)

select
    runs.node_id,
    nodes.level_no = (select max(level_no) from nodes) as is_series,
    runs.run,
    runs.origin_period::integer as origin_period,
    runs.lag::smallint as lag,
    runs.period,
    runs.mean::decimal(28, 4) as mean,
    if(runs.newest, null, coalesce(node_history.quantity, 0)) as actual,
    runs.to_median,
    runs.error_scale,
    runs.seasonal_naive::decimal(28, 4) as seasonal_naive,
    runs.is_intermittent,
    runs.is_erratic,
    runs.shift_periods
from runs
inner join nodes using (node_id)
left join node_history on runs.node_id = node_history.node_id and runs.period = node_history.period
