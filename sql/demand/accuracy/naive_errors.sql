-- grain: one row per level and item with over a year of history: the error of the lag-12 naive, in the level's unit
-- the benchmark of MASE (absolute) and RMSSE (squared), over the products measured
-- reads: demand_history, demand_units, measured_products
-- binds: $company varchar
with monthly as (
    select
        units.product_id,
        units.family,
        history.month,
        history.cleansed,
        units.family_equivalent,
        units.company_equivalent
    from demand_history as history
    inner join demand_units as units on history.product_id = units.product_id
    where history.product_id in (select product_id from measured_products)
),

items as (
    select
        'product' as level,
        product_id as item_id,
        month,
        cleansed
    from monthly
    union all
    select
        'family' as level,
        family as item_id,
        month,
        sum(weighed(cleansed, family_equivalent)) as cleansed
    from monthly
    group by family, month
    union all
    select
        'company' as level,
        $company as item_id,
        month,
        sum(weighed(cleansed, company_equivalent)) as cleansed
    from monthly
    group by month
),

histories as (
    select
        level,
        item_id,
        list(cleansed::double order by month) as history
    from items
    where cleansed is not null
    group by level, item_id
),

differences as (
    select
        level,
        item_id,
        list_transform(range(13, len(history) + 1), lambda i: abs(history[i] - history[i - 12])) as steps
    from histories
)

select
    level,
    item_id,
    list_avg(steps) as absolute,
    list_avg(list_transform(steps, lambda v: v * v)) as squared
from differences
where len(steps) > 0
order by level, item_id
