-- Grain: one row per series and run.
-- Two historical proportions (Gross and Sohl 1990) over the last `share_periods` known at the run's origin, both against
-- the top: the average of the proportions, and the proportion of the averages. Negative shares count as none.
with runs as (
    select distinct
        run,
        origin_period
    from base
    where node_id = 0
),

recent as (
    select
        runs.run,
        leaf.node_id as leaf_id,
        leaf.quantity,
        (leaf.quantity / nullif(top.quantity, 0))::decimal(38, 18) as proportion
    from node_history as leaf
    inner join nodes on leaf.node_id = nodes.node_id and nodes.level_no = (select max(level_no) from nodes)
    inner join node_history as top
        on leaf.period = top.period and top.node_id = 0
    inner join runs
        on leaf.period < runs.origin_period and leaf.period >= runs.origin_period - $share_periods
)

select
    run,
    leaf_id,
    greatest(sum(proportion), 0)::decimal(38, 18) as average_proportions,
    greatest(sum(quantity), 0)::decimal(38, 18) as proportion_of_averages
from recent
group by run, leaf_id
