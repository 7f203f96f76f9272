-- grain: one row per approach, level, item and month: the engine's forecast with what planned events add
-- families and the company move as their products do, and the range widens by how uncertain the effects are
-- reads: engine_forecast = demand/forecast/forecast, event_factors, product_lifecycle
with products as (
    select
        forecast.approach,
        forecast.item_id,
        lifecycle.family,
        forecast.month,
        forecast.mean as before,
        (forecast.mean::double * coalesce(factors.factor, 1))::decimal(28, 4) as after,
        (abs(forecast.mean::double) * coalesce(factors.deviation, 0))::decimal(28, 4) as deviation
    from engine_forecast as forecast
    inner join product_lifecycle as lifecycle on forecast.item_id = lifecycle.product_id
    left join event_factors as factors
        on forecast.item_id = factors.product_id and forecast.month = factors.month and factors.origin is null
    where forecast.level = 'product'
),

moved as (
    select
        approach,
        case
            when grouping(item_id) = 0 then 'product'
            when grouping(family) = 0 then 'family'
            else 'company'
        end as level,
        coalesce(item_id, family, 'company') as item_id,
        month,
        coalesce(sum(after)::double / nullif(sum(before), 0), 1) as factor,
        1.281552 * sum(deviation)::double as width
    from products
    group by grouping sets ((approach, month, family, item_id), (approach, month, family), (approach, month))
    having sum(after) <> sum(before)
),

laid as (
    select
        forecast.* exclude (mean, p10, p50, p90),
        forecast.mean::double * moved.factor as mean,
        forecast.p50::double * moved.factor as p50,
        sqrt(((forecast.p50 - forecast.p10)::double * moved.factor) ** 2 + moved.width ** 2) as below,
        sqrt(((forecast.p90 - forecast.p50)::double * moved.factor) ** 2 + moved.width ** 2) as above,
        forecast.p10 >= 0 as is_above_nothing,
        moved.factor is not null as is_moved,
        forecast.mean as mean_before,
        forecast.p10 as p10_before,
        forecast.p50 as p50_before,
        forecast.p90 as p90_before
    from engine_forecast as forecast
    left join moved
        on
            forecast.approach = moved.approach
            and forecast.level = moved.level
            and forecast.item_id = moved.item_id
            and forecast.month = moved.month
)

select
    approach,
    level,
    item_id,
    month,
    lag,
    if(is_moved, mean::decimal(28, 4), mean_before) as mean,
    if(is_moved, greatest(p50 - below, if(is_above_nothing, 0, p50 - below))::decimal(28, 4), p10_before) as p10,
    if(is_moved, p50::decimal(28, 4), p50_before) as p50,
    if(is_moved, (p50 + above)::decimal(28, 4), p90_before) as p90,
    flag,
    model,
    chosen
from laid
order by approach, level, item_id, month
