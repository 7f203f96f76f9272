-- grain: one row per approach, node and part of the backtest (0 all of it, 1 and 2 its halves)
-- How wide a node's errors are against those of its level and pattern. A dozen overlapping origins say little about one
-- node, so the ratio of mean sizes counts by its origins against `own_origins`, on logs.
-- reads: scores
-- binds: $own_origins bigint
with sized as (
    select
        *,
        least(abs(score), 1e3)::decimal(28, 9) as size
    from scores
),

usual as (
    select
        approach,
        level_no,
        is_intermittent,
        is_erratic,
        sum(size)::double / count(*) as size
    from sized
    group by approach, level_no, is_intermittent, is_erratic
),

compared as (
    select
        sized.approach,
        sized.level_no,
        sized.node_id,
        sized.run,
        sized.half,
        (sized.size / nullif(usual.size, 0))::decimal(28, 9) as ratio
    from sized
    inner join usual using (approach, level_no, is_intermittent, is_erratic)
),

averaged as (
    select
        approach,
        level_no,
        node_id,
        coalesce(half, 0) as part,
        sum(ratio)::double / nullif(count(ratio), 0) as ratio,
        count(distinct run) as origins
    from compared
    group by grouping sets ((approach, level_no, node_id), (approach, level_no, node_id, half))
)

select
    approach,
    level_no,
    node_id,
    part,
    origins,
    greatest(0.05, least(20, coalesce(ratio, 1))) ** (origins / (origins + $own_origins)) as width
from averaged
