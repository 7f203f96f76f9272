-- grain: one row per approach, part of the backtest, level and pattern
-- Each pool's quantiles are drawn towards those of the wider one: all nodes, then the level, then its pattern. A pool
-- counts by its errors against `pool_errors`, and not at all with fewer than a P90 needs.
-- A dozen overlapping origins see one stretch of time: half of the way P10 and P90 lean is taken as its chance (of a
-- lean beyond five one-step errors no more than these), and three quarters of P50's, but for intermittent demand, one-
-- sided by nature.
-- And they are few: quantiles of n errors are widened by half of what Student's t and the next value's own error ask,
-- 1 + ((z^2 + 1) / 4 + 1 / 2) / (n - 1) with z that of P90; half, as their scale rests on the fit's errors too. Errors
-- of different nodes are correlated by `error_correlation`: n nodes are worth n / (1 + (n - 1) * correlation), each
-- with its origins.
-- reads: pooled_quantiles, own_widths
-- binds: $fewest_errors bigint, $pool_errors bigint, $error_correlation double
with patterns as (
    select
        unnest([false, false, true, true]) as is_intermittent,
        unnest([false, true, false, true]) as is_erratic
),

pools as (
    select
        *,
        if(errors < $fewest_errors, 0, errors / (errors + $pool_errors)) as weight
    from pooled_quantiles
),

independent as (
    select
        approach,
        part,
        level_no,
        max(origins) * count(*) / (1 + (count(*) - 1) * $error_correlation) as errors
    from own_widths
    group by approach, part, level_no
),

by_level as (
    select
        pools.approach,
        pools.part,
        pools.level_no,
        wider.quantiles[1] + pools.weight * (pools.quantiles[1] - wider.quantiles[1]) as q10,
        wider.quantiles[2] + pools.weight * (pools.quantiles[2] - wider.quantiles[2]) as q50,
        wider.quantiles[3] + pools.weight * (pools.quantiles[3] - wider.quantiles[3]) as q90
    from pools
    inner join pooled_quantiles as wider using (approach, part)
    where
        pools.level_no is not null
        and pools.is_erratic is null
        and wider.level_no is null
        and wider.errors >= $fewest_errors
),

by_pattern as (
    select
        by_level.approach,
        by_level.part,
        by_level.level_no,
        patterns.is_intermittent,
        patterns.is_erratic,
        by_level.q10 + coalesce(pools.weight * (pools.quantiles[1] - by_level.q10), 0) as q10,
        by_level.q50 + coalesce(pools.weight * (pools.quantiles[2] - by_level.q50), 0) as q50,
        by_level.q90 + coalesce(pools.weight * (pools.quantiles[3] - by_level.q90), 0) as q90
    from by_level
    cross join patterns
    left join pools using (approach, part, level_no, is_intermittent, is_erratic)
),

leaning as (
    select
        *,
        if(is_intermittent, 0, greatest(-5, least(5, (q10 + q90) / 2))) as lean
    from by_pattern
),

centred as (
    select
        * exclude (lean, q10, q50, q90),
        q10 - lean / 2 as q10,
        if(is_intermittent, q50, q50 / 4) as q50,
        q90 - lean / 2 as q90
    from leaning
),

widened as (
    select
        approach,
        part,
        level_no,
        1 + 0.58 / greatest(errors - 1, 1) as factor
    from independent
)

select
    centred.approach,
    centred.part,
    centred.level_no,
    centred.is_intermittent,
    centred.is_erratic,
    centred.q50 + widened.factor * (centred.q10 - centred.q50) as q10,
    centred.q50,
    centred.q50 + widened.factor * (centred.q90 - centred.q50) as q90
from centred
inner join widened using (approach, part, level_no)
