-- grain: one row per node and cutoff
-- Errors of simple exponential smoothing inside the history a fit knows, in units: what reconciliation learns
-- the joint errors of the nodes from. The first entry belongs to the history's period number `residual_lag`.
-- reads: adjusted, ses = ses_search
-- binds: $residual_lag bigint, $season bigint
with steps as (
    select
        adjusted.*,
        ses.alpha,
        ses.level0,
        list_transform(
            adjusted.z[1:adjusted.cutoff], lambda v: {'level': v, 'levels': []::double[]}
        ) as steps
    from adjusted
    inner join ses using (node_id, cutoff)
),

passed as (
    select
        *,
        list_reduce(
            steps,
            lambda s, v: {
                'level': s.level + alpha * (v.level - s.level),
                'levels': list_append(s.levels, s.level)
           },
            {'level': level0, 'levels': []::double[]}
        ).levels as levels
    from steps
)

select
    node_id,
    cutoff,
    list_transform(
        levels[1:greatest(cutoff - $residual_lag + 1, 0)],
        lambda level, j: history[j + $residual_lag - 1] - if(
            in_logs,
            exp(level + profile[1 + (first_phase + j + $residual_lag - 2) % $season]),
            level + profile[1 + (first_phase + j + $residual_lag - 2) % $season]
        )
    ) as residuals
from passed
