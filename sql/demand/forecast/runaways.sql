-- grain: one row: the item whose forecast grows largest, where it has more digits than a quantity can keep
-- reads: base_forecast, nodes
-- binds: $most double
select
    nodes.item_id,
    abs(base_forecast.mean) as size
from base_forecast
inner join nodes using (node_id)
where abs(base_forecast.mean) >= $most
order by size desc, nodes.item_id asc
limit 1
