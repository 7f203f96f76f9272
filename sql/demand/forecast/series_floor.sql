-- grain: one row per node: the least a forecast may be; 0 where history was never negative, else no floor
-- reads: node_history
select
    node_id,
    if(min(quantity) >= 0, 0, null)::double as floor
from node_history
group by node_id
