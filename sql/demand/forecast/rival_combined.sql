-- Grain: one row per node, origin and lag: the base forecast with the rival's share in it, where the rival has one.
select
    base_forecast.* exclude (mean),
    case
        when rival.mean is null then base_forecast.mean
        else (1 - $weight) * base_forecast.mean + $weight * greatest(rival.mean, 0)
    end as mean
from base_forecast
left join rival using (node_id, newest, origin_period, lag)
