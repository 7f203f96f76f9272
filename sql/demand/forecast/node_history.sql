-- grain: one row per node and period
-- Series as given; a node above them is their sum, up to the last period that all of its members have.
-- reads: history, nodes, memberships
with series_history as (
    select
        nodes.node_id,
        history.period,
        history.quantity
    from history
    inner join nodes
        on history.unique_id = nodes.item_id and nodes.level_no = (select max(level_no) from nodes)
),

ends as (
    select
        node_id as leaf_id,
        max(period) as last_period
    from series_history
    group by node_id
),

complete as (
    select
        memberships.node_id,
        min(ends.last_period) as last_period
    from memberships
    inner join ends using (leaf_id)
    where memberships.node_id <> memberships.leaf_id
    group by memberships.node_id
)

select
    node_id,
    period,
    quantity
from series_history
union all
select
    memberships.node_id,
    series_history.period,
    sum(series_history.quantity)::decimal(28, 4) as quantity
from series_history
inner join memberships
    on series_history.node_id = memberships.leaf_id and memberships.node_id <> memberships.leaf_id
inner join complete on memberships.node_id = complete.node_id
where series_history.period <= complete.last_period
group by memberships.node_id, series_history.period
