-- Grain: one row per node and cutoff.
-- The level of simple exponential smoothing at every origin the fit serves: one pass, first entry at the cutoff.
with steps as (
    select
        node_id,
        cutoff,
        list_transform(z, lambda v: {'level': v, 'levels': []::double[]}) as steps
    from adjusted
),

passed as (
    select
        steps.node_id,
        steps.cutoff,
        ses.alpha,
        list_reduce(
            steps.steps,
            lambda s, v, i: {
                'level': s.level + ses.alpha * (v.level - s.level),
                'levels': case
                    when i >= steps.cutoff
                        then list_append(s.levels, s.level + ses.alpha * (v.level - s.level))
                    else s.levels
                end
            },
            {'level': ses.level0, 'levels': []::double[]}
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
