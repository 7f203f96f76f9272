-- Grain: one row per node and origin (how many periods were known when the forecast was made).
-- What every model needs at an origin. `newest` is the real forecast, the others are the backtest.
with served as (
    select
        *,
        unnest(range(greatest(cutoff, periods - $origins), last_origin + 1)) as origin
    from adjusted
)

select
    node_id,
    cutoff,
    origin,
    periods,
    origin - cutoff + 1 as state,
    origin = periods as newest,
    first_period + origin as origin_period,
    first_phase,
    in_logs,
    never_negative,
    origin >= $season and coalesce(list_max(list_transform(history[origin - $season + 1:origin], lambda v: abs(v))) = 0, false)
        as ended,
    history[1:origin] as history,
    profile,
    z[1:origin] as z,
    list_min(z[1:origin]) as lowest_z,
    list_max(z[1:origin]) as highest_z
from served
