-- grain: one row per approach, level, item and month of the real forecast
-- `mean` is coherent; p10, p50 and p90 are marginal at each level and do not add up. Demand that comes every 1.32
-- periods or less often is nothing in at least a quarter of them, so its p10 is nothing; SQL forecasts it by the rate
-- models, and its p50 is that of `rare_medians`, moved as the approach moves its mean. P10 to P90 reach no further
-- beyond what there ever was, or beyond the mean where that lies further out, than the series has moved:
-- from nothing to twice the most of demand that was never negative. `range_cut` tells where they would; `no_range`
-- where no error is known, or past forecasts were exact; `level_shift` where the forecast starts from a level that is
-- no older than a season.
-- reads: coherent, nodes, error_growth, error_quantiles, own_widths, series_floor, node_models, base
-- reads: rare_medians
-- binds: $growth_power double, $model varchar, $smooth_models varchar, $rate_models varchar, $months_per_period bigint
-- binds: $chosen varchar, $season bigint
with bounded as (
    select
        coherent.*,
        coherent.mean::double * if(error_quantiles.q50 is null, 1, coherent.to_median) as median,
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
        range_top(series_floor.floor, series_floor.high, series_floor.low, coherent.mean::double) as ceiling,
        range_bottom(series_floor.floor, series_floor.high, series_floor.low, coherent.mean::double) as bottom,
        if(
            coherent.is_intermittent and error_quantiles.q50 is not null,
            rare_medians.median * coalesce(coherent.mean / nullif(base.mean, 0), 0),
            null
        ) as rare_median,
        list_max(base.shift_periods) >= base.origin_period - $season as is_shifted,
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
    left join rare_medians using (node_id)
    left join base
        on coherent.node_id = base.node_id and coherent.run = base.run and coherent.period = base.period
    where coherent.run = 0
),

ranged as (
    select
        *,
        greatest(
            if(is_intermittent and q10 is not null, 0, median + coalesce(width * least(q10, q50), 0)), floor
        ) as p10,
        coalesce(rare_median, greatest(median + coalesce(width * q50, 0), floor)) as p50,
        greatest(median + coalesce(width * greatest(q90, q50), 0), floor, rare_median) as p90
    from bounded
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
    greatest(p10, bottom)::decimal(28, 4) as p10,
    least(greatest(p50, bottom), ceiling)::decimal(28, 4) as p50,
    least(p90, ceiling)::decimal(28, 4) as p90,
    case
        when p90 - p10 < 0.0001 and mean <> 0 then 'no_range'
        when p90 > ceiling or p10 < bottom then 'range_cut'
        when is_shifted then 'level_shift'
    end as flag,
    model,
    approach = $chosen as chosen
from ranged
order by ranged.approach, node_id, period
