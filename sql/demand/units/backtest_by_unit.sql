-- grain: one row per approach, level, item, origin and lag: the engine's backtest taken back from weights to units
-- products are divided by their weight; families and the company are the sums of their products in the level's unit
with
products as (
    select
        engine.approach,
        engine.item_id,
        units.family,
        engine.origin,
        engine.lag,
        engine.month,
        (engine.forecast::double / weights.weight)::decimal(18, 4) as forecast,
        (engine.actual::double / weights.weight)::decimal(18, 4) as actual,
        units.family_equivalent,
        units.company_equivalent
    from engine_backtest as engine
    inner join series_weights as weights on engine.item_id = weights.product_id
    inner join demand_units as units on engine.item_id = units.product_id
    where engine.level = 'product'
),

parents as (
    select
        approach,
        if(grouping(family) = 1, 'company', 'family') as level,
        coalesce(family, 'company') as item_id,
        origin,
        lag,
        month,
        if(
            grouping(family) = 1,
            sum((forecast * company_equivalent)::decimal(18, 4)),
            sum((forecast * family_equivalent)::decimal(18, 4))
        ) as forecast,
        if(
            grouping(family) = 1,
            sum((actual * company_equivalent)::decimal(18, 4)),
            sum((actual * family_equivalent)::decimal(18, 4))
        ) as actual
    from products
    group by grouping sets ((approach, family, origin, lag, month), (approach, origin, lag, month))
)

select
    approach,
    'product' as level,
    item_id,
    origin,
    lag,
    month,
    forecast,
    actual
from products
union all
select
    approach,
    level,
    item_id,
    origin,
    lag,
    month,
    forecast::decimal(18, 4) as forecast,
    actual::decimal(18, 4) as actual
from parents
where forecast is not null
