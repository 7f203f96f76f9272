-- grain: one row per level, item and month of the plan: the external forecast laid over the statistical one
-- P10, P50 and P90 are those given with the figure, else drawn from its own past errors, else as far from the mean as
-- the statistical ones are; `range_from` says which. Past errors are of the lags that have come, and grow further
-- ahead as the statistical range does. Rows that no external figure reaches stay as they are.
-- reads: forecast, spread_figures, figures_used, own_ranges, demand_units
-- binds: $statistical varchar, $company varchar, $cycle_month date
with statistical as (
    select *
    from forecast
    where approach = $statistical
),

reached as (
    select
        spread.product_id,
        spread.month,
        spread.mean,
        spread.model,
        units.family
    from spread_figures as spread
    inner join demand_units as units on spread.product_id = units.product_id
    where spread.origin = $cycle_month
),

products as (
    select
        units.product_id,
        units.family,
        units.family_equivalent,
        units.company_equivalent,
        statistical.month,
        coalesce(reached.mean, statistical.mean) as mean,
        reached.model
    from statistical
    inner join demand_units as units on statistical.item_id = units.product_id
    left join reached on statistical.item_id = reached.product_id and statistical.month = reached.month
    where statistical.level = 'product'
),

items as (
    select
        'product' as level,
        product_id as item_id,
        month,
        mean,
        model
    from products
    union all
    select
        if(grouping(family) = 1, 'company', 'family') as level,
        coalesce(family, $company) as item_id,
        month,
        if(
            grouping(family) = 1,
            sum(weighed(mean, company_equivalent)),
            sum(weighed(mean, family_equivalent))
        ) as mean,
        string_agg(distinct model, ', ' order by model) as model
    from products
    group by grouping sets ((month, family), (month))
),

shaped as (
    select
        statistical.* exclude (mean),
        items.model is not null as is_external,
        if(items.model is null, statistical.mean, items.mean)::decimal(28, 4) as mean,
        statistical.mean as statistical_mean,
        items.model as external_model,
        figures.mean as figure,
        figures.p10 as given_p10,
        figures.p50 as given_p50,
        figures.p90 as given_p90,
        own.low,
        own.middle,
        own.high,
        own.to_lag,
        (statistical.p90 - statistical.p10)::double / nullif(statistical.mean, 0)::double as statistical_width,
        case
            when items.model is null then null
            when figures.p10 is not null then 'given'
            when own.low is not null then 'own_errors'
            else 'statistical'
        end as range_from
    from statistical
    left join items
        on statistical.level = items.level and statistical.item_id = items.item_id and statistical.month = items.month
    left join figures_used as figures
        on
            figures.is_plan
            and statistical.level = figures.level
            and statistical.item_id = figures.item_id
            and statistical.month = figures.month
    left join own_ranges as own on statistical.level = own.level and statistical.item_id = own.item_id
),

grown as (
    select
        *,
        coalesce(
            greatest(statistical_width / nullif(max(if(lag = to_lag, statistical_width, null)) over of_item, 0), 1), 1
        ) as growth
    from shaped
    window of_item as (partition by level, item_id)
),

ranged as (
    select
        *,
        case range_from
            when 'given' then if(figure > 0, mean::double * given_p10::double / figure::double, given_p10::double)
            when 'own_errors' then mean::double * greatest(middle + growth * (low - middle), 0)
            when 'statistical'
                then if(statistical_mean > 0, mean::double * p10::double / statistical_mean::double, mean::double)
            else p10::double
        end as new_p10,
        case
            when range_from is null then p50::double
            when given_p50 is not null
                then if(figure > 0, mean::double * given_p50::double / figure::double, given_p50::double)
            when range_from = 'own_errors' then mean::double * middle
            when statistical_mean > 0 then mean::double * p50::double / statistical_mean::double
            else mean::double
        end as new_p50,
        case range_from
            when 'given' then if(figure > 0, mean::double * given_p90::double / figure::double, given_p90::double)
            when 'own_errors' then mean::double * (middle + growth * (high - middle))
            when 'statistical'
                then if(statistical_mean > 0, mean::double * p90::double / statistical_mean::double, mean::double)
            else p90::double
        end as new_p90
    from grown
)

select
    'external' as approach,
    level,
    item_id,
    month,
    lag,
    mean,
    new_p10::decimal(28, 4) as p10,
    least(greatest(new_p50, new_p10), new_p90)::decimal(28, 4) as p50,
    new_p90::decimal(28, 4) as p90,
    if(is_external, null, flag) as flag,
    coalesce(external_model, model) as model,
    per_working_day and not is_external as per_working_day,
    true as chosen,
    unit_of_measure,
    range_from
from ranged
order by level, item_id, month
