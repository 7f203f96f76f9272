-- grain: one row per approach, part of the backtest, level and pattern
-- Each pool's quantiles are drawn towards those of the wider one: all nodes, then the level, then its pattern. A pool
-- counts by its errors against `pool_errors`, and not at all with fewer than a P90 needs.
-- reads: pooled_quantiles
-- binds: $fewest_errors bigint, $pool_errors bigint
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
        list_transform(
            wider.quantiles, lambda wide, place: wide + pools.weight * (pools.quantiles[place] - wide)
        ) as quantiles
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
    list_transform(
        by_level.quantiles, lambda wide, place: wide + coalesce(pools.weight * (pools.quantiles[place] - wide), 0)
    ) as quantiles
from by_level
cross join patterns
left join pools using (approach, part, level_no, is_intermittent, is_erratic)
