-- grain: one row per node and cutoff
-- Damped trend (Gardner and McKenzie 1985), Holt where phi is 1: the constants with the least sum of squared one-step
-- errors among the candidates. With f the one-step forecast and g = phi * trend the recursion takes the fewest steps:
--   error = x - f;  f = f + phi * g + (alpha + phi * alpha * beta) * error;  g = phi * g + phi * alpha * beta * error
-- which is level = level + phi * trend + alpha * error; trend = phi * trend + alpha * beta * error;
-- f = level + phi * trend. `level` and `trend` are those at the cutoff. The seed's `phi - phi` keeps it from being a
-- constant (see ses_search).
-- reads: adjusted, trend_candidates = trend_grid
with steps as (
    select
        node_id,
        cutoff,
        list_transform(z[1:cutoff], lambda v: {'f': v, 'g': 0.0::double, 'sse': 0.0::double}) as steps
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

gains as (
    select
        *,
        alpha + phi * alpha * beta as f_gain,
        phi * alpha * beta as g_gain
    from candidates
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
                'f': s.f + phi * s.g + f_gain * (v.f - s.f),
                'g': phi * s.g + g_gain * (v.f - s.f),
                'sse': s.sse + (v.f - s.f) * (v.f - s.f)
           },
            {'f': level0 + phi * trend0, 'g': phi * trend0, 'sse': phi - phi}
        ) as s
    from gains
),

best as (
    select
        node_id,
        cutoff,
        min({
            'sse': s.sse,
            'phi': phi,
            'alpha': alpha,
            'beta': beta,
            'level0': level0,
            'trend0': trend0,
            'f': s.f,
            'g': s.g
        }) as chosen
    from passed
    group by node_id, cutoff
)

select
    node_id,
    cutoff,
    chosen.alpha,
    chosen.beta,
    chosen.phi,
    chosen.level0,
    chosen.trend0,
    chosen.f - chosen.g as level,
    chosen.g / chosen.phi as trend,
    chosen.sse
from best
