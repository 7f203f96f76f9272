-- grain: one row per node and cutoff
-- Simple exponential smoothing: the constant with the least sum of squared one-step errors among the candidates.
-- The recursion is linear in its unknown first level, so one pass from level 0 carries what least squares needs to find
-- that level exactly: a is the level from 0, c the weight the first level still has, and error = (x - a) - c * level0.
-- The sum of c^2 is a geometric series. `level` is that at the cutoff. With `known` a fit made before stands beside the
-- candidates.
-- The seed holds a column on purpose: with a constant one DuckDB (1.5, 2.0: its issue 25816) takes captured columns
-- from other rows as soon as lists differ in length.
-- reads: adjusted, ses_candidates = ses_coarse, ses_best = ses_search
-- structure: {known: null}
-- structure: {known: ses_best}
with steps as (
    select
        node_id,
        cutoff,
        list_transform(
            z[1:cutoff],
            lambda v: {'a': v, 'c': 0.0::double, 'rr': 0.0::double, 'rc': 0.0::double}
        ) as steps
    from adjusted
),

candidates as (
    select
        steps.node_id,
        steps.cutoff,
        steps.steps,
        unnest(ses_candidates.alphas) as alpha
    from steps
    inner join ses_candidates using (node_id, cutoff)
),

decayed as (
    select
        *,
        1 - alpha as kept
    from candidates
),

passed as (
    select
        node_id,
        cutoff,
        alpha,
        list_reduce(
            steps,
            lambda s, v: {
                'a': s.a + alpha * (v.a - s.a),
                'c': s.c * kept,
                'rr': s.rr + (v.a - s.a) * (v.a - s.a),
                'rc': s.rc + (v.a - s.a) * s.c
            },
            {'a': alpha - alpha, 'c': 1.0::double, 'rr': 0.0::double, 'rc': 0.0::double}
        ) as s,
        (1 - kept ** (2 * cutoff)) / (1 - kept * kept) as cc
    from decayed
),

fitted as (
    select
        node_id,
        cutoff,
        {
            'sse': s.rr - s.rc * s.rc / cc,
            'alpha': alpha,
            'level0': s.rc / cc,
            'level': s.a + s.c * s.rc / cc
        } as fit
    from passed
    {% if known %}
    union all
    select
        node_id,
        cutoff,
        {'sse': sse, 'alpha': alpha, 'level0': level0, 'level': level} as fit
    from {{ known }}
    {% endif %}
),

best as (
    select
        node_id,
        cutoff,
        min(fit) as chosen
    from fitted
    group by node_id, cutoff
)

select
    node_id,
    cutoff,
    chosen.alpha,
    chosen.level0,
    chosen.level,
    greatest(chosen.sse, 0) as sse
from best
