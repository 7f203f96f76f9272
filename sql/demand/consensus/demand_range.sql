-- grain: one row per level, item and month: consensus demand with its range; means add up, quantiles do not
-- families and the company in their own units; those whose units cannot be added are left out (METHODS 1)
-- reads: demand_plan, demand_units, forecast, level_units
-- binds: $company varchar
with weighed as (
    select
        plans.month,
        plans.quantity,
        plans.p10,
        plans.p50,
        plans.p90,
        units.family,
        units.family_equivalent,
        units.company_equivalent
    from demand_plan as plans
    inner join demand_units as units on plans.product_id = units.product_id
),

items as (
    select
        'family' as level,
        family as item_id,
        month,
        sum(weighed(quantity, family_equivalent))::decimal(28, 4) as mean,
        sum(p10 * family_equivalent) as added_p10,
        sum(p50 * family_equivalent) as added_p50,
        sum(p90 * family_equivalent) as added_p90
    from weighed
    where family_equivalent is not null
    group by family, month
    union all
    select
        'company' as level,
        $company as item_id,
        month,
        sum(weighed(quantity, company_equivalent))::decimal(28, 4) as mean,
        sum(p10 * company_equivalent) as added_p10,
        sum(p50 * company_equivalent) as added_p50,
        sum(p90 * company_equivalent) as added_p90
    from weighed
    where company_equivalent is not null
    group by month
),

-- where there is no statistical forecast at that level its products' ranges are added up: too wide rather than none
ranged as (
    select
        items.level,
        items.item_id,
        items.month,
        items.mean,
        if(
            forecast.mean > 0,
            items.mean::double * forecast.p10::double / forecast.mean::double,
            items.added_p10::double
        ) as p10,
        if(
            forecast.mean > 0,
            items.mean::double * forecast.p50::double / forecast.mean::double,
            items.added_p50::double
        ) as p50,
        if(
            forecast.mean > 0,
            items.mean::double * forecast.p90::double / forecast.mean::double,
            items.added_p90::double
        ) as p90,
        items.mean = forecast.mean as is_unchanged,
        forecast.p10 as forecast_p10,
        forecast.p50 as forecast_p50,
        forecast.p90 as forecast_p90
    from items
    left join forecast
        on
            forecast.chosen
            and items.level = forecast.level
            and items.item_id = forecast.item_id
            and items.month = forecast.month
),

every_level as (
    select
        level,
        item_id,
        month,
        mean,
        if(is_unchanged, forecast_p10, p10)::decimal(28, 4) as p10,
        if(is_unchanged, forecast_p50, p50)::decimal(28, 4) as p50,
        if(is_unchanged, forecast_p90, p90)::decimal(28, 4) as p90
    from ranged
    union all
    select
        'product' as level,
        product_id as item_id,
        month,
        quantity as mean,
        p10,
        p50,
        p90
    from demand_plan
)

select
    every_level.level,
    every_level.item_id,
    every_level.month,
    every_level.mean,
    every_level.p10,
    every_level.p50,
    every_level.p90,
    units.unit_of_measure
from every_level
inner join level_units as units on every_level.level = units.level and every_level.item_id = units.item_id
