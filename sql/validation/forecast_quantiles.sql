-- grain: one row per forecast whose quantiles are out of order
-- reads: forecast
select
    approach,
    level,
    item_id,
    month,
    p10,
    p50,
    p90
from forecast
where not (p10 <= p50 and p50 <= p90)
order by all
