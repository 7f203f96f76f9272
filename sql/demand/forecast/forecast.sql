-- grain: one row per approach, level, item and month of the real forecast
-- `mean` is coherent; p10, p50 and p90 are marginal at each level and do not add up. Demand that comes every 1.32
-- periods or less often is nothing in at least a quarter of them, so its p10 is nothing; SQL forecasts it by the rate
-- models.
-- reads: coherent, nodes, error_growth, error_quantiles, own_widths, series_floor, node_models
-- binds: $growth_power double, $model varchar, $smooth_models varchar, $rate_models varchar, $months_per_period bigint
-- binds: $chosen varchar
with bounded as (
    select
        coherent.*,
        nodes.level_no,
        nodes.level,
        nodes.item_id,
        coherent.error_scale
        * (1 + error_growth.growth * coherent.lag) ** $growth_power
        * coalesce(own_widths.width, 1) as width,
        error_quantiles.q10,
        error_quantiles.q50,
        error_quantiles.q90,
        series_floor.floor,
        replace(
            coalesce(node_models.model, $model),
            $smooth_models,
            if(coherent.is_intermittent, $rate_models, $smooth_models)
        ) as model
    from coherent
    inner join nodes using (node_id)
    left join error_growth using (approach, level_no)
    left join error_quantiles
        on
            coherent.approach = error_quantiles.approach
            and nodes.level_no = error_quantiles.level_no
            and coherent.is_intermittent = error_quantiles.is_intermittent
            and coherent.is_erratic = error_quantiles.is_erratic
            and error_quantiles.part = 0
    left join own_widths
        on
            coherent.approach = own_widths.approach
            and coherent.node_id = own_widths.node_id
            and own_widths.part = 0
    inner join series_floor using (node_id)
    left join node_models using (node_id)
    where coherent.run = 0
)

select
    approach::varchar as approach,
    level,
    item_id,
    make_date(
        (period * $months_per_period) // 12, ((period * $months_per_period) % 12 + 1)::bigint, 1
    ) as month,
    lag::bigint as lag,
    mean,
    greatest(
        if(is_intermittent and q10 is not null, 0, mean::double + coalesce(width * least(q10, q50), 0)), floor
    )::decimal(18, 4) as p10,
    greatest(mean::double + coalesce(width * q50, 0), floor)::decimal(18, 4) as p50,
    greatest(mean::double + coalesce(width * greatest(q90, q50), 0), floor)::decimal(18, 4) as p90,
    model,
    approach = $chosen as chosen
from bounded
order by bounded.approach, node_id, period
