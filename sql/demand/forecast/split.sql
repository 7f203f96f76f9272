-- grain: one row per series, run and period
-- A node's forecast split over its series by shares, to the last ten-thousandth: running totals of the shares are
-- rounded, not the shares, so that nothing is lost. Where the node above has no forecast the series keeps its own, and
-- so does one that ended before its siblings in the periods these have a past for and no forecast: it would get all of
-- the node. In a backtest a series too young to forecast gets nothing, and its part of the node's past is not handed
-- to the others.
-- reads: historical_shares, memberships, base, nodes, forecast_shares
-- binds: $split_level bigint
-- structure: {shares: forecast_shares, share: share, by_period: true}
-- structure: {shares: historical_shares, share: average_proportions, by_period: false}
with counted as (
    select
        node_id,
        count(*) as leaves
    from memberships
    where level_no = $split_level
    group by node_id
),

members as (
    select
        memberships.node_id,
        memberships.leaf_id,
        historical_shares.run,
        historical_shares.proportion_of_averages as past,
        sum(historical_shares.proportion_of_averages) over (
            partition by memberships.node_id, historical_shares.run
        ) as node_past
    from historical_shares
    inner join memberships using (leaf_id)
    where memberships.level_no = $split_level
),

shared as (
    select
        leaf.node_id as leaf_id,
        memberships.node_id,
        leaf.run,
        leaf.period,
        leaf.mean as own_mean,
        counted.leaves,
        above.mean as node_mean,
        coalesce(members.past, 0) as past,
        members.node_past,
        coalesce(shares.{{ share }}, 0) as share
    from base as leaf
    inner join memberships on leaf.node_id = memberships.leaf_id and memberships.level_no = $split_level
    inner join counted on memberships.node_id = counted.node_id
    inner join nodes on leaf.node_id = nodes.node_id and nodes.level_no = (select max(level_no) from nodes)
    left join base as above
        on memberships.node_id = above.node_id and leaf.run = above.run and leaf.period = above.period
    left join members
        on leaf.node_id = members.leaf_id and leaf.run = members.run
    left join {{ shares }} as shares
        on
            leaf.node_id = shares.leaf_id
            and leaf.run = shares.run
            {% if by_period %}
            and leaf.period = shares.period
            {% endif %}
),

running as (
    select
        *,
        sum(share) over whole as all_shares,
        sum(share) over upto as shares_upto,
        sum(past) over whole as whole_past,
        max(node_past) over whole as whole_node_past,
        count(*) over whole as members,
        count(*) over upto as members_upto
    from shared
    window
        whole as (partition by node_id, run, period),
        upto as (partition by node_id, run, period order by leaf_id rows unbounded preceding)
),

rounded as (
    select
        *,
        (
            node_mean::double
            * if(run > 0 and whole_node_past > 0, whole_past::double / whole_node_past::double, 1)
            * if(all_shares > 0, shares_upto::double / all_shares::double, members_upto / members)
        )::decimal(28, 4) as mean_upto
    from running
)

select
    leaf_id,
    run,
    period,
    coalesce(
        if(run = 0 and members < leaves, null, mean_upto)
        - lag(mean_upto, 1, 0::decimal(28, 4)) over (partition by node_id, run, period order by leaf_id),
        own_mean
    )::decimal(28, 4) as mean
from rounded
