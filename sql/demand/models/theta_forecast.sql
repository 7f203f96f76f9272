-- grain: one row per node and origin
-- Theta (Assimakopoulos and Nikolopoulos 2000) in the form of Hyndman and Billah (2003): exponential smoothing with
-- half the slope of the least-squares line as drift. The drift counts from the first lag, as in the other models, so
-- one step of it is taken off the level.
-- reads: line_slopes, ses_forecast, steady_forecast = ses_forecast
-- structure: {smoothed: ses_forecast}
-- structure: {smoothed: steady_forecast}
select
    smoothed.node_id,
    smoothed.origin,
    smoothed.level
    + line_slopes.slope / 2 * ((1 - (1 - smoothed.alpha) ** smoothed.origin) / smoothed.alpha - 1) as level,
    line_slopes.slope / 2 as trend,
    1.0::double as phi
from {{ smoothed }} as smoothed
inner join line_slopes using (node_id, origin)
