-- grain: one row per node: the least a forecast may be; 0 where history was never negative, else no floor
-- `high` and `low` are the second most and second least there ever was: one wrong month must not widen a range.
-- reads: node_history
select
    node_id,
    if(min(quantity) >= 0, 0, null)::double as floor,
    max(quantity, 2)[-1]::double as high,
    min(quantity, 2)[-1]::double as low
from node_history
group by node_id
