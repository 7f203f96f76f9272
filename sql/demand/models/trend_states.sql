-- Grain: one row per node and cutoff.
-- Level and trend of the damped-trend (or Holt) recursion at every origin the fit serves, first entry at the cutoff.
with steps as (
    select
        node_id,
        cutoff,
        list_transform(
            z, lambda v: {'level': v, 'trend': 0.0::double, 'levels': []::double[], 'trends': []::double[]}
        ) as steps
    from adjusted
),

passed as (
    select
        steps.node_id,
        steps.cutoff,
        fit.phi,
        list_reduce(
            steps.steps,
            lambda s, v, i: {
                'level': s.level + fit.phi * s.trend + fit.alpha * (v.level - s.level - fit.phi * s.trend),
                'trend': fit.phi * s.trend + fit.alpha * fit.beta * (v.level - s.level - fit.phi * s.trend),
                'levels': case
                    when i >= steps.cutoff
                        then list_append(
                            s.levels, s.level + fit.phi * s.trend + fit.alpha * (v.level - s.level - fit.phi * s.trend)
                        )
                    else s.levels
                end,
                'trends': case
                    when i >= steps.cutoff
                        then list_append(
                            s.trends, fit.phi * s.trend + fit.alpha * fit.beta * (v.level - s.level - fit.phi * s.trend)
                        )
                    else s.trends
                end
            },
            {'level': fit.level0, 'trend': fit.trend0, 'levels': []::double[], 'trends': []::double[]}
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
