-- grain: one row per level, item and month of the chosen approach, in the order of its forecast
-- Quantiles beside P10, P50 and P90 lie between and beyond these as the pooled errors' own quantiles do, those of a
-- bell curve where a pool has no spread, and as far out as P10 and P90 may.
-- reads: ranged_forecast = demand/forecast/forecast, blended_quantiles, series_floor, nodes, coherent
-- binds: $chosen varchar
-- structure: {others: [{name: p25, place: 4, side: lower, bell: -0.5}, {name: p95, place: 5, side: upper, bell: 1.3}]}
with patterns as (
    select
        node_id,
        bool_or(is_intermittent) as is_intermittent,
        bool_or(is_erratic) as is_erratic
    from coherent
    where approach = $chosen and run = 0
    group by node_id
),

shaped as (
    select
        ranged_forecast.*,
        (p50 - p10)::double as lower,
        (p90 - p50)::double as upper,
        nullif(blended_quantiles.quantiles[2] - blended_quantiles.quantiles[1], 0) as lower_errors,
        nullif(blended_quantiles.quantiles[3] - blended_quantiles.quantiles[2], 0) as upper_errors,
        blended_quantiles.quantiles as quantiles,
        range_top(series_floor.floor, series_floor.high, series_floor.low, ranged_forecast.mean::double) as ceiling,
        range_bottom(series_floor.floor, series_floor.high, series_floor.low, ranged_forecast.mean::double) as bottom
    from ranged_forecast
    inner join nodes using (level, item_id)
    inner join series_floor using (node_id)
    inner join patterns using (node_id)
    left join blended_quantiles
        on
            ranged_forecast.approach = blended_quantiles.approach
            and nodes.level_no = blended_quantiles.level_no
            and patterns.is_intermittent = blended_quantiles.is_intermittent
            and patterns.is_erratic = blended_quantiles.is_erratic
            and blended_quantiles.part = 0
    where ranged_forecast.approach = $chosen
)

select
    level,
    item_id,
    {% for other in others %}
    least(
        greatest(
            p50::double
            + {{ other.side }}
            * coalesce((quantiles[{{ other.place }}] - quantiles[2]) / {{ other.side }}_errors, {{ other.bell }}),
            bottom
        ),
        ceiling
    )::decimal(28, 4) as "{{ other.name }}",
    {% endfor %}
    month
from shaped
order by level, item_id, month
