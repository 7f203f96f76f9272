-- Grain: one row per node and cutoff.
-- Level and trend of the damped-trend (or Holt) recursion at every origin the fit serves, first entry at the cutoff.
with steps as (
    select
        node_id,
        cutoff,
        list_transform(
            z[cutoff + 1:], lambda v: {'level': v, 'trend': 0.0::double, 'levels': []::double[], 'trends': []::double[]}
        ) as later
    from adjusted
),

passed as (
    select
        steps.node_id,
        steps.cutoff,
        fit.phi,
        list_reduce(
            steps.later,
            lambda s, v: {
                'level': s.level + fit.phi * s.trend + fit.alpha * (v.level - s.level - fit.phi * s.trend),
                'trend': fit.phi * s.trend + fit.alpha * fit.beta * (v.level - s.level - fit.phi * s.trend),
                'levels': list_append(
                    s.levels, s.level + fit.phi * s.trend + fit.alpha * (v.level - s.level - fit.phi * s.trend)
                ),
                'trends': list_append(
                    s.trends, fit.phi * s.trend + fit.alpha * fit.beta * (v.level - s.level - fit.phi * s.trend)
                )
            },
            {'level': fit.level, 'trend': fit.trend, 'levels': [fit.level], 'trends': [fit.trend]}
        ) as s
    from steps
    inner join {{ fit }} as fit using (node_id, cutoff)
)

select
    node_id,
    cutoff,
    phi,
    s.levels as levels,
    s.trends as trends
from passed
