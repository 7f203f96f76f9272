-- Grain: one row per node, run and period.
-- A run is one forecast made: 0 is the real one, others are named by the origin period they pretend to stand at.
-- Quantities leave floating point here, once.
select
    node_id,
    if(newest, 0, origin_period)::integer as run,
    origin_period::integer as origin_period,
    lag::smallint as lag,
    (origin_period + lag)::integer as period,
    mean::decimal(18, 4) as mean,
    error_scale,
    seasonal_naive::decimal(18, 4) as seasonal_naive,
    is_intermittent,
    is_erratic
from base_forecast
