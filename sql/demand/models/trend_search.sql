-- Grain: one row per node and cutoff.
-- Damped trend (Gardner and McKenzie 1985), Holt where phi is 1: the constants with the least sum of squared one-step
-- errors among the candidates.
-- The seed's `phi - phi` keeps it from being a constant (see ses_search).
--   level = level + phi * trend + alpha * error;  trend = phi * trend + alpha * beta * error
with steps as (
    select
        node_id,
        cutoff,
        list_transform(z[1:cutoff], lambda v: {'level': v, 'trend': 0.0::double, 'sse': 0.0::double}) as steps
    from adjusted
),

by_alpha as (
    select
        steps.*,
        trend_candidates.* exclude (node_id, cutoff, alphas),
        unnest(trend_candidates.alphas) as alpha
    from steps
    inner join trend_candidates using (node_id, cutoff)
),

by_beta as (
    select
        * exclude (betas),
        unnest(betas) as beta
    from by_alpha
),

candidates as (
    select
        * exclude (phis),
        unnest(phis) as phi
    from by_beta
),

passed as (
    select
        node_id,
        cutoff,
        alpha,
        beta,
        phi,
        level0,
        trend0,
        list_reduce(
            steps,
            lambda s, v: {
                'level': s.level + phi * s.trend + alpha * (v.level - s.level - phi * s.trend),
                'trend': phi * s.trend + alpha * beta * (v.level - s.level - phi * s.trend),
                'sse': s.sse + (v.level - s.level - phi * s.trend) * (v.level - s.level - phi * s.trend)
            },
            {'level': level0, 'trend': trend0, 'sse': phi - phi}
        ).sse as sse
    from candidates
),

best as (
    select
        node_id,
        cutoff,
        min({
            'sse': sse, 'phi': phi, 'alpha': alpha, 'beta': beta, 'level0': level0, 'trend0': trend0
        }) as chosen
    from passed
    group by node_id, cutoff
)

select
    node_id,
    cutoff,
    chosen.alpha as alpha,
    chosen.beta as beta,
    chosen.phi as phi,
    chosen.level0 as level0,
    chosen.trend0 as trend0,
    chosen.sse as sse
from best
