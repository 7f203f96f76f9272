-- Grain: one row per node and origin.
-- Theta (Assimakopoulos and Nikolopoulos 2000) in the form of Hyndman and Billah (2003): exponential smoothing with half
-- the slope of the least-squares line as drift. The slope is shrunk by its own uncertainty, 1 - (standard error /
-- slope)^2, not below 0: a line drawn through noise is no trend.
with sums as (
    select
        origins.node_id,
        origins.origin,
        ses_states.alpha,
        ses_states.levels[origins.state] as level,
        list_transform(origins.z, lambda v: v - list_avg(origins.z)) as z,
        range(1, origins.origin + 1)::double[] as t,
        origins.origin * (origins.origin * origins.origin - 1.0) / 12 as stt
    from origins
    inner join ses_states using (node_id, cutoff)
),

lines as (
    select
        *,
        coalesce(list_dot_product(t, z) / nullif(stt, 0), 0) as slope
    from sums
),

shrunk as (
    select
        *,
        case
            when origin < $shortest_trend or slope = 0 then 0
            else slope * greatest(
                0,
                1 - greatest(list_dot_product(z, z) - slope * slope * stt, 0) / (origin - 2) / stt / (slope * slope)
            )
        end as drift
    from lines
)

select
    node_id,
    origin,
    list_transform(
        range(0, $horizon), lambda h: level + drift / 2 * (h + (1 - (1 - alpha) ** origin) / alpha)
    ) as forecasts
from shrunk
