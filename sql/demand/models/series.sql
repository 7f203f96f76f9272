-- Grain: one row per node.
-- The whole history of a node as one list, gaps as zero. Zeros before the first demand are a product not yet launched
-- and left out when a season or more of dense demand follows: else they may be the beginning of intermittent demand.
-- Periods are whole numbers (months or quarters since year 0), so that phases and lags are plain arithmetic.
with first_demands as (
    select
        node_id,
        min(period) filter (where quantity <> 0) as first_demand,
        min(period) as first_period,
        max(period) as last_period
    from node_history
    group by node_id
),

first_seasons as (
    select
        first_demands.*,
        count(node_history.period) filter (where node_history.quantity <> 0) as demands
    from first_demands
    left join node_history
        on first_demands.node_id = node_history.node_id
        and node_history.period >= first_demands.first_demand
        and node_history.period < first_demands.first_demand + $season
    group by all
),

calendar as (
    select
        node_id,
        unnest(range(
            case
                when
                    last_period - first_demand + 1 >= $season
                    and demands * 1.32 > least($season, last_period - first_demand + 1)
                    then first_demand
                else first_period
            end,
            last_period + 1
        )) as period
    from first_seasons
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
