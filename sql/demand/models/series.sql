-- Grain: one row per node (an item at a level).
-- The whole history of a node as one list, from its first demand to its last period, gaps as zero.
-- Periods are whole numbers (months or quarters since year 0), so that phases and lags are plain arithmetic.
with started as (
    select
        node_id,
        min(period) filter (where quantity <> 0) as first_demand,
        min(period) as first_period,
        max(period) as last_period
    from node_history
    group by node_id
),

calendar as (
    select
        node_id,
        unnest(range(coalesce(first_demand, first_period), last_period + 1)) as period
    from started
),

filled as (
    select
        calendar.node_id,
        calendar.period,
        coalesce(node_history.quantity, 0)::double as quantity
    from calendar
    left join node_history
        on calendar.node_id = node_history.node_id and calendar.period = node_history.period
)

select
    node_id,
    min(period) as first_period,
    count(*) as periods,
    list(quantity order by period) as history
from filled
group by node_id
