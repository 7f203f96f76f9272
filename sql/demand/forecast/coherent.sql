-- Grain: one row per approach, node, run and period.
-- Every level is the exact sum of its series' decimals, so a parent equals its children to the last unit whatever the
-- approach. In the real forecast a node has only the periods all of its members have; in the backtest forecast and
-- actual are summed over the same members.
with members as (
    select
        node_id,
        count(*) as members
    from memberships
    group by node_id
),

summed as (
    select
        approaches.approach,
        memberships.node_id,
        approaches.run,
        approaches.period,
        sum(approaches.mean)::decimal(18, 4) as mean,
        sum(leaf_history.quantity)::decimal(18, 4) as actual,
        count(*) as counted
    from approaches
    inner join memberships using (leaf_id)
    left join node_history as leaf_history
        on approaches.leaf_id = leaf_history.node_id and approaches.period = leaf_history.period
    group by approaches.approach, memberships.node_id, approaches.run, approaches.period
)

select
    summed.approach,
    summed.node_id,
    summed.run,
    summed.period,
    coalesce(base.lag, summed.period - summed.run) as lag,
    summed.mean,
    if(summed.run > 0, coalesce(summed.actual, 0), null) as actual,
    base.error_scale,
    base.seasonal_naive
from summed
inner join members using (node_id)
left join base using (node_id, run, period)
where summed.run > 0 or summed.counted = members.members
