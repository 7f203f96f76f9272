-- grain: one row per node
-- The whole history of a node as one list, gaps as zero. Zeros before the first demand are a product not yet launched
-- and left out when a season or more of dense demand follows: else they may be the beginning of intermittent demand.
-- Periods are whole numbers (months or quarters since year 0), so that phases and lags are plain arithmetic.
-- reads: node_history, nodes
-- binds: $season bigint
with gathered as (
    select
        node_id,
        list_sort(list({'period': period, 'quantity': quantity::double})) as given
    from node_history
    group by node_id
),

filled as (
    select
        node_id,
        given[1].period as given_first,
        given[-1].period as last_period,
        case -- noqa: LT02
            when given[-1].period - given[1].period + 1 = len(given)
                then list_transform(given, lambda v: v.quantity)
            else list_reduce(
                list_transform(given, lambda v: {'period': v.period, 'quantities': [v.quantity]}),
                lambda s, v: {
                    'period': v.period,
                    'quantities': list_concat(
                        list_resize(s.quantities, len(s.quantities) + v.period - s.period - 1, 0.0), v.quantities
                    )
                }
            ).quantities
        end as quantities
    from gathered
),

first_demands as (
    select
        *,
        list_position(list_transform(quantities, lambda v: v <> 0), true) as first_demand
    from filled
),

launched as (
    select
        node_id,
        last_period,
        quantities,
        case
            when
                len(quantities) - first_demand + 1 >= $season
                and len(list_filter(quantities[first_demand:first_demand + $season - 1], lambda v: v <> 0)) * 1.32
                > $season
                then first_demand
            else 1
        end as start
    from first_demands
)

select
    launched.node_id,
    nodes.parent_id,
    (launched.last_period - len(launched.quantities) + launched.start)::bigint as first_period,
    (len(launched.quantities) - launched.start + 1)::bigint as periods,
    launched.quantities[launched.start:] as history
from launched
inner join nodes using (node_id)
order by launched.node_id
