-- grain: one row per approach, node above the series, run and period
-- Every level is the exact sum of its series' decimals, so a parent equals its children to the last unit whatever the
-- approach. In the real forecast a node has only the periods all of its members have; in the backtest forecast and
-- actual are summed over the same members. Series are added up to their parents, and these to everything above.
-- reads: leaves, nodes, memberships, base
with families as (
    select
        leaves.approach,
        nodes.parent_id,
        leaves.run,
        leaves.period,
        sum(leaves.mean) as mean,
        sum(leaves.actual) as actual,
        count(*) as counted
    from leaves
    inner join nodes using (node_id)
    group by leaves.approach, nodes.parent_id, leaves.run, leaves.period
),

above as (
    select distinct
        leaf.parent_id,
        memberships.node_id
    from memberships
    inner join nodes as leaf on memberships.leaf_id = leaf.node_id
    where memberships.node_id <> memberships.leaf_id
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
        families.approach,
        above.node_id,
        families.run,
        families.period,
        sum(families.mean)::decimal(28, 4) as mean,
        sum(families.actual)::decimal(28, 4) as actual,
        sum(families.counted) as counted
    from families
    inner join above using (parent_id)
    group by families.approach, above.node_id, families.run, families.period
)

select
    summed.approach,
    summed.node_id,
    summed.run,
    summed.period,
    coalesce(base.lag, summed.period - summed.run)::smallint as lag,
    summed.mean,
    summed.actual,
    base.to_median,
    base.error_scale,
    base.is_intermittent,
    base.is_erratic
from summed
inner join members using (node_id)
left join base using (node_id, run, period)
where summed.run > 0 or summed.counted = members.members
