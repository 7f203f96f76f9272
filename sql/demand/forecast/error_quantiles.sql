-- Grain: one row per approach, part of the backtest, level and pattern.
-- Each pool's quantiles are drawn towards those of the wider one: all nodes, then the level, then its pattern. A pool
-- counts by its errors against `pool_errors`, and not at all with fewer than a P90 needs.
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
)

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
