-- grain: one row per approach, level, item and month: the engine's forecast, and zero for every product without one
-- products that ended, never sold or are still to be launched have no statistical forecast; their families count them as 0
with
approaches as (
    select unnest($approaches::varchar []) as approach
),

months as (
    select
        lag::bigint as lag,
        ($cycle_month::date + to_months(lag::integer))::date as month
    from (select unnest(range($horizon::bigint)) as lag)
),

silent_items as (
    select
        'product' as level,
        product_id as item_id,
        'none: ' || replace(status, '_', ' ') as model
    from product_lifecycle
    where product_id not in (select item_id from engine_forecast where level = 'product')
    union all
    select distinct
        'family' as level,
        family as item_id,
        'none' as model
    from product_lifecycle
    where family not in (select item_id from engine_forecast where level = 'family')
    union all
    select
        'company' as level,
        $company as item_id,
        'none' as model
    where not exists (select 1 from engine_forecast where level = 'company')
)

select
    approach,
    level,
    if(level = 'company', $company, item_id) as item_id,
    month,
    lag,
    mean,
    p10,
    p50,
    p90,
    model,
    approach = $chosen as chosen
from engine_forecast
union all
select
    approaches.approach,
    silent_items.level,
    silent_items.item_id,
    months.month,
    months.lag,
    0 as mean,
    0 as p10,
    0 as p50,
    0 as p90,
    silent_items.model,
    approaches.approach = $chosen as chosen
from approaches
cross join silent_items
cross join months
