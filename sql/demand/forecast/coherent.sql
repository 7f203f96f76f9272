-- Grain: one row per approach, node, run and period.
-- Every level is the exact sum of its series' decimals, so a parent equals its children to the last unit whatever the
-- approach. In the real forecast a node has only the periods all of its members have; in the backtest forecast and
-- actual are summed over the same members.
with leaves as (
    select
        approaches.approach,
        approaches.leaf_id,
        approaches.run,
        approaches.period,
        approaches.mean,
        if(approaches.run > 0, coalesce(node_history.quantity, 0), null) as actual
    from approaches
    left join node_history
        on approaches.leaf_id = node_history.node_id and approaches.period = node_history.period
),

members as (
    select
        node_id,
        count(*) as members
    from memberships
    where node_id <> leaf_id
    group by node_id
),

summed as (
    select
        leaves.approach,
        memberships.node_id,
        leaves.run,
        leaves.period,
        sum(leaves.mean)::decimal(18, 4) as mean,
        sum(leaves.actual)::decimal(18, 4) as actual,
        count(*) as counted
    from leaves
    inner join memberships on leaves.leaf_id = memberships.leaf_id and memberships.node_id <> memberships.leaf_id
    group by leaves.approach, memberships.node_id, leaves.run, leaves.period
),

every_level as (
    select
        approach,
        leaf_id as node_id,
        run,
        period,
        mean,
        actual
    from leaves
    union all
    select
        summed.approach,
        summed.node_id,
        summed.run,
        summed.period,
        summed.mean,
        summed.actual
    from summed
    inner join members using (node_id)
    where summed.run > 0 or summed.counted = members.members
)

select
    every_level.approach,
    every_level.node_id,
    every_level.run,
    every_level.period,
    coalesce(base.lag, every_level.period - every_level.run)::smallint as lag,
    every_level.mean,
    every_level.actual,
    base.error_scale,
    base.is_intermittent,
    base.is_erratic
from every_level
left join base using (node_id, run, period)
