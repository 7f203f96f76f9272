-- grain: one row per node and origin (how many periods were known when the forecast was made)
-- `newest` is the real forecast, the others are the backtest; `later` is what came between the origin and the fit that
-- serves it, from which each model brings its state up to date. `lags` are the periods to forecast: in the backtest
-- those that have come since. A whole season of nothing is an end; two of them where demand is intermittent.
-- reads: adjusted
-- binds: $origins bigint, $season bigint, $horizon bigint
with served as (
    select
        *,
        unnest(range(greatest(cutoff, periods - $origins), last_origin + 1)) as origin
    from adjusted
),

patient as (
    select
        *,
        if(is_intermittent, 2 * $season, $season) as quiet
    from served
)

select
    node_id,
    cutoff,
    origin,
    origin = periods as newest,
    if(origin = periods, $horizon, least($horizon, periods - origin)) as lags,
    first_period + origin as origin_period,
    z[cutoff + 1:origin] as later,
    case
        when in_logs or origin < quiet then false
        else coalesce(list_bool_and(list_transform(history[origin - quiet + 1:origin], lambda v: v = 0)), false)
    end as ended
from patient
