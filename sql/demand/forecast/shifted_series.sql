-- grain: one row per series that is forecast from a level no older than a season, with the first month of it
-- reads: base, nodes
-- binds: $season bigint, $months_per_period bigint
with shifted as (
    select
        node_id,
        list_max(shift_periods) * $months_per_period as month_no
    from base
    where run = 0 and lag = 0 and is_series and list_max(shift_periods) >= origin_period - $season
)

select
    nodes.item_id,
    make_date(shifted.month_no // 12, (shifted.month_no % 12 + 1)::bigint, 1) as month
from shifted
inner join nodes using (node_id)
order by nodes.item_id
