-- grain: one row per node and origin
-- Damped trend, with phi = 1 Holt's straight line: the fit's level and trend, brought up to the origin. No trend in a
-- history too short to tell it from the season.
-- reads: origins, damped = trend_search, holt = trend_search
-- binds: $shortest_trend bigint
-- structure: {fit: damped}
-- structure: {fit: holt}
with passed as (
    select
        origins.node_id,
        origins.origin,
        fit.phi,
        list_reduce(
            list_transform(origins.later, lambda v: {'level': v, 'trend': 0.0::double}),
            lambda s, v: {
                'level': s.level + fit.phi * s.trend + fit.alpha * (v.level - s.level - fit.phi * s.trend),
                'trend': fit.phi * s.trend + fit.alpha * fit.beta * (v.level - s.level - fit.phi * s.trend)
            },
            {'level': fit.level, 'trend': fit.trend}
        ) as s
    from origins
    inner join {{ fit }} as fit using (node_id, cutoff)
)

select
    node_id,
    origin,
    s.level as level,
    if(origin < $shortest_trend, 0, s.trend) as trend,
    phi
from passed
