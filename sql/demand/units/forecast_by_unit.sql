-- grain: one row per approach, level, item and month: the engine's forecast taken back from weights to the level's unit
-- products are divided by their weight; families and the company are the sums of their products in the level's unit, their
-- quantiles in proportion
with
products as (
    select
        engine.approach,
        engine.month,
        engine.item_id,
        units.family,
        engine.mean as weighted,
        (engine.mean::double / weights.weight)::decimal(18, 4) as mean,
        engine.p10::double / weights.weight as p10,
        engine.p50::double / weights.weight as p50,
        engine.p90::double / weights.weight as p90,
        engine.model,
        units.family_equivalent,
        units.company_equivalent,
        units.family_equivalent::double / weights.weight as family_ratio,
        units.company_equivalent::double / weights.weight as company_ratio
    from engine_forecast as engine
    inner join series_weights as weights on engine.item_id = weights.product_id
    inner join demand_units as units on engine.item_id = units.product_id
    where engine.level = 'product'
),

parents as (
    select
        approach,
        month,
        if(grouping(family) = 1, 'company', 'family') as level,
        family,
        if(
            grouping(family) = 1,
            sum((mean * company_equivalent)::decimal(18, 4)),
            sum((mean * family_equivalent)::decimal(18, 4))
        )::decimal(18, 4) as mean,
        sum(weighted)::double as weighted,
        if(
            grouping(family) = 1, sum(company_ratio::decimal(38, 12)), sum(family_ratio::decimal(38, 12))
        )::double / count(*) as ratio
    from products
    group by grouping sets ((approach, month, family), (approach, month))
),

scaled as (
    select
        engine.approach,
        engine.level,
        engine.item_id,
        engine.month,
        parents.mean,
        coalesce(parents.mean::double / nullif(parents.weighted, 0), parents.ratio) as ratio,
        engine.p10::double as p10,
        engine.p50::double as p50,
        engine.p90::double as p90,
        engine.model
    from engine_forecast as engine
    inner join parents
        on
            engine.approach = parents.approach
            and engine.month = parents.month
            and engine.level = parents.level
            and (engine.level = 'company' or engine.item_id = parents.family)
    where parents.mean is not null
)

select
    approach,
    'product' as level,
    item_id,
    month,
    mean,
    p10::decimal(18, 4) as p10,
    p50::decimal(18, 4) as p50,
    p90::decimal(18, 4) as p90,
    model
from products
union all
select
    approach,
    level,
    item_id,
    month,
    mean,
    (p10 * ratio)::decimal(18, 4) as p10,
    (p50 * ratio)::decimal(18, 4) as p50,
    (p90 * ratio)::decimal(18, 4) as p90,
    model
from scaled
