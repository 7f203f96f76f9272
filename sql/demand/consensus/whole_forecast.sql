-- grain: one row per approach, level, item and month: the engine's forecast in the month's own working days, and zero
-- for products that ended, never sold or are still to be launched; families and the company are the exact sums, each in
-- its own unit; a level without one is left out (METHODS 1); products of the approaches in `by_product` alone
-- reads: engine_forecast, working_day_factors, history_ranges, product_lifecycle, level_units, demand_units
-- binds: $company varchar, $cycle_month date, $approaches varchar[], $horizon bigint, $is_per_working_day boolean
-- binds: $chosen varchar, $by_product varchar[]
with ranged as (
    select
        *,
        bool_and(p10 = p90) over (partition by approach, level) as has_no_range
    from engine_forecast
),

items as (
    select
        'product' as level,
        product_id as item_id,
        status as model_without_forecast
    from product_lifecycle
    union all
    select distinct
        'family' as level,
        family as item_id,
        'none' as model_without_forecast
    from product_lifecycle
    union all
    select
        'company' as level,
        $company as item_id,
        'none' as model_without_forecast
),

approaches as (
    select unnest($approaches::varchar[]) as approach
),

horizon as (
    select unnest(range($horizon::bigint)) as lag
),

scaled as (
    select
        ranged.approach,
        ranged.level,
        if(ranged.level = 'company', $company, ranged.item_id) as item_id,
        ranged.month,
        (ranged.mean::double * coalesce(factors.factor, 1))::decimal(28, 4) as mean,
        (
            if(
                ranged.has_no_range and ranged.mean > 0,
                ranged.mean::double * greatest(1 + least(coalesce(ranges.low, 0), 0), 0),
                ranged.p10::double
            ) * coalesce(factors.factor, 1)
        )::decimal(28, 4) as p10,
        (ranged.p50::double * coalesce(factors.factor, 1))::decimal(28, 4) as p50,
        (
            if(
                ranged.has_no_range and ranged.mean > 0,
                ranged.mean::double * (1 + greatest(coalesce(ranges.high, 0), 0)),
                ranged.p90::double
            ) * coalesce(factors.factor, 1)
        )::decimal(28, 4) as p90,
        ranged.flag,
        ranged.model
    from ranged
    left join working_day_factors as factors on ranged.month = factors.month
    left join history_ranges as ranges on ranged.level = ranges.level
),

grid as (
    select
        approaches.approach,
        items.level,
        items.item_id,
        items.model_without_forecast,
        units.unit_of_measure,
        horizon.lag::bigint as lag,
        ($cycle_month::date + to_months(horizon.lag::integer))::date as month
    from items
    inner join level_units as units on items.level = units.level and items.item_id = units.item_id
    cross join approaches
    cross join horizon
    where items.level <> 'product' or list_contains($by_product::varchar[], approaches.approach)
),

sums as (
    select
        scaled.approach,
        scaled.month,
        if(grouping(units.family) = 1, 'company', 'family') as level,
        coalesce(units.family, $company) as item_id,
        if(
            grouping(units.family) = 1,
            sum(weighed(scaled.mean, units.company_equivalent)),
            sum(weighed(scaled.mean, units.family_equivalent))
        ) as mean
    from scaled
    inner join demand_units as units on scaled.item_id = units.product_id
    where scaled.level = 'product'
    group by grouping sets ((scaled.approach, scaled.month, units.family), (scaled.approach, scaled.month))
)

select
    grid.approach,
    grid.level,
    grid.item_id,
    grid.month,
    grid.lag,
    coalesce(if(grid.level = 'product', scaled.mean, sums.mean), 0)::decimal(28, 4) as mean,
    coalesce(scaled.p10, 0) as p10,
    coalesce(scaled.p50, 0) as p50,
    coalesce(scaled.p90, 0) as p90,
    if(scaled.flag = 'no_range' and scaled.p10 < scaled.p90, null, scaled.flag) as flag,
    coalesce(scaled.model, grid.model_without_forecast) as model,
    scaled.model is not null and $is_per_working_day as per_working_day,
    grid.approach = $chosen as chosen,
    grid.unit_of_measure
from grid
left join scaled
    on
        grid.approach = scaled.approach
        and grid.level = scaled.level
        and grid.item_id = scaled.item_id
        and grid.month = scaled.month
left join sums
    on
        grid.approach = sums.approach
        and grid.level = sums.level
        and grid.item_id = sums.item_id
        and grid.month = sums.month
