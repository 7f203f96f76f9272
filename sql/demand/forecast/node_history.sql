-- Grain: one row per node and period.
-- Series as given; a node above them is their sum, up to the last period that all of its members have.
with series_history as (
    select
        nodes.node_id as leaf_id,
        ((year(history.month) * 12 + month(history.month) - 1) // $months_per_period)::integer as period,
        history.y::decimal(18, 4) as quantity
    from history
    inner join nodes
        on history.unique_id = nodes.item_id and nodes.level_no = (select max(level_no) from nodes)
),

ends as (
    select
        leaf_id,
        max(period) as last_period
    from series_history
    group by leaf_id
),

complete as (
    select
        memberships.node_id,
        min(ends.last_period) as last_period
    from memberships
    inner join ends using (leaf_id)
    group by memberships.node_id
)

select
    memberships.node_id,
    series_history.period,
    sum(series_history.quantity)::decimal(18, 4) as quantity
from series_history
inner join memberships using (leaf_id)
inner join complete using (node_id)
where series_history.period <= complete.last_period
group by memberships.node_id, series_history.period
