-- grain: one row per node and origin
-- Slope of the least-squares line through the history known at the origin, shrunk by its own uncertainty,
-- 1 - (standard error / slope)^2, not below 0: a line through noise is no trend. The sums known at the cutoff take in
-- what came later.
-- reads: origins, lines
-- binds: $shortest_trend bigint
with shifted as (
    select
        origins.node_id,
        origins.origin,
        origins.cutoff,
        lines.z,
        lines.tz,
        lines.zz,
        list_transform(origins.later, lambda v: v - lines.first_z) as later
    from origins
    inner join lines using (node_id, cutoff)
),

summed as (
    select
        node_id,
        origin,
        z + coalesce(list_sum(later), 0) as z,
        tz + if(
            origin = cutoff, 0, list_dot_product(range(cutoff + 1, origin + 1)::double[], later)
        ) as tz,
        zz + if(origin = cutoff, 0, list_dot_product(later, later)) as zz,
        origin * (origin * origin - 1.0) / 12 as tt
    from shifted
),

sloped as (
    select
        *,
        coalesce((tz - (origin + 1) / 2 * z) / nullif(tt, 0), 0) as slope,
        zz - z * z / origin as residual_zz
    from summed
)

select
    node_id,
    origin,
    case
        when origin < $shortest_trend or slope = 0 then 0
        else slope * greatest(
            0, 1 - greatest(residual_zz / tt - slope * slope, 0) / (origin - 2) / (slope * slope)
        )
    end as slope
from sloped
