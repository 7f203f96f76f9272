-- grain: one row per series and run
-- Two historical proportions (Gross and Sohl 1990) over the last `share_periods` known at the run's origin, both
-- against the top: the average of the proportions, and the proportion of the averages. A series that begins inside them
-- is averaged from its beginning; one that has ended is not. Negative shares count as none.
-- reads: base, node_history, nodes
-- binds: $share_periods bigint
-- meant: range join of history with the runs, a dozen: each sees its own window of months
with runs as (
    select distinct
        run,
        origin_period,
        origin_period - $share_periods as from_period
    from base
    where node_id = 0
),

begun as (
    select
        node_id,
        min(period) as first_period
    from node_history
    group by node_id
),

recent as (
    select
        runs.run,
        leaf.node_id as leaf_id,
        runs.origin_period - greatest(runs.from_period, begun.first_period) as periods,
        leaf.quantity,
        (leaf.quantity / nullif(top.quantity, 0))::decimal(38, 18) as proportion
    from node_history as leaf
    inner join nodes on leaf.node_id = nodes.node_id and nodes.level_no = (select max(level_no) from nodes)
    inner join begun on leaf.node_id = begun.node_id
    inner join node_history as top
        on leaf.period = top.period and top.node_id = 0
    inner join runs
        on leaf.period < runs.origin_period and leaf.period >= runs.from_period
)

select
    run,
    leaf_id,
    (greatest(sum(proportion), 0) / periods)::decimal(38, 18) as average_proportions,
    (greatest(sum(quantity), 0) / periods)::decimal(38, 18) as proportion_of_averages
from recent
group by run, leaf_id, periods
