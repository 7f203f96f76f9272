-- Grain: one row per node and cutoff.
-- The level of simple exponential smoothing at every origin the fit serves, first entry at the cutoff.
with steps as (
    select
        node_id,
        cutoff,
        list_transform(z[cutoff + 1:], lambda v: {'level': v, 'levels': []::double[]}) as later
    from adjusted
),

passed as (
    select
        steps.node_id,
        steps.cutoff,
        ses.alpha,
        list_reduce(
            steps.later,
            lambda s, v: {
                'level': s.level + ses.alpha * (v.level - s.level),
                'levels': list_append(s.levels, s.level + ses.alpha * (v.level - s.level))
            },
            {'level': ses.level, 'levels': [ses.level]}
        ) as s
    from steps
    inner join {{ fit }} as ses using (node_id, cutoff)
)

select
    node_id,
    cutoff,
    alpha,
    s.levels as levels
from passed
