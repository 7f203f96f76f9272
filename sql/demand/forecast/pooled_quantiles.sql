-- grain: one row per approach, part of the backtest, and pool: all nodes, a level, or one pattern of a level
-- Conformal quantiles of the backtest's own errors, P10, P50 and P90 first, each in units of its node's width; wider
-- pools have null for what they pool over. Families and total have joint errors here: those of their sums, not sums of
-- theirs. No error counts for more than ten times the usual one of its level and pattern: what befell one node must not
-- widen the others.
-- reads: scores, own_widths
-- binds: $pool_quantiles double[]
with usual as (
    select
        approach,
        level_no,
        is_intermittent,
        is_erratic,
        nullif(median(abs(score)), 0) as size
    from scores
    group by approach, level_no, is_intermittent, is_erratic
),

relative as (
    select
        scores.approach,
        scores.level_no,
        scores.is_intermittent,
        scores.is_erratic,
        own_widths.part,
        greatest(least(scores.score, coalesce(10 * usual.size, scores.score)), coalesce(-10 * usual.size, scores.score))
        / own_widths.width as score
    from scores
    inner join usual using (approach, level_no, is_intermittent, is_erratic)
    inner join own_widths
        on
            scores.approach = own_widths.approach
            and scores.node_id = own_widths.node_id
            and own_widths.part in (0, scores.half)
)

select
    approach,
    part,
    level_no,
    is_intermittent,
    is_erratic,
    count(*) as errors,
    quantile_cont(score, $pool_quantiles) as quantiles
from relative
group by grouping sets (
    (approach, part), (approach, part, level_no), (approach, part, level_no, is_intermittent, is_erratic)
)
