-- grain: one row per resource that the plan in use all but stops in a month, and per product that it makes now hardly,
-- now far more, on steady demand; within the first $months months
-- a resource all but stops where it works under $stopped of the hours that the month's demand takes; one that products
-- have a choice of is left out, and so is a month it is shut, or works all that it can; a product made in lots is
-- meant to come in lots
-- reads: production_schedule, schedule_load, feature_requirements, planned_features, products
-- binds: $months bigint, $stopped double, $full double, $steady double, $least double, $most double
with ahead as (
    select distinct month
    from production_schedule
    order by month
    limit $months
),

chosen_from as (
    select distinct feature
    from planned_features
    where coalesce(option_group, '') <> ''
),

stops as (
    select
        'stops' as swing,
        load.resource_id as subject,
        load.month,
        load.by_products as amount,
        needs.requirement as usual,
        null::decimal(28, 4) as highest,
        null::date as highest_month,
        'hours' as unit,
        load.by_products::double / needs.requirement::double as share
    from schedule_load as load
    inner join ahead on load.month = ahead.month
    inner join feature_requirements as needs on load.resource_id = needs.feature and load.month = needs.month
    anti join chosen_from on load.resource_id = chosen_from.feature
    where
        needs.requirement > 0
        and coalesce(load.available, 1) > 0
        and (load.available is null or load.by_products::double < $full * load.available::double)
    qualify row_number() over (partition by load.resource_id order by share asc, load.month asc) = 1
),

made as (
    select
        schedule.product_id,
        schedule.month,
        schedule.demand,
        schedule.output + schedule.subcontract as made
    from production_schedule as schedule
    inner join ahead on schedule.month = ahead.month
),

ranges as (
    select
        product_id,
        min(made) as least,
        arg_min(month, (made, month)) as least_month,
        max(made) as most,
        arg_max(month, (made, -epoch(month))) as most_month,
        (sum(demand) / count(*))::decimal(28, 4) as usual,
        min(demand) as least_demand,
        max(demand) as most_demand
    from made
    group by product_id
),

swings as (
    select
        'swings' as swing,
        ranges.product_id as subject,
        ranges.least_month as month,
        ranges.least as amount,
        ranges.usual,
        ranges.most as highest,
        ranges.most_month as highest_month,
        coalesce(products.unit_of_measure, 'units') as unit,
        ranges.least::double / ranges.usual::double as share
    from ranges
    left join products on ranges.product_id = products.product_id
    where
        ranges.least_demand > 0
        and ranges.most_demand::double <= $steady * ranges.least_demand::double
        and ranges.least::double <= $least * ranges.usual::double
        and ranges.most::double >= $most * ranges.usual::double
        and coalesce(products.min_lot, 0) = 0
        and coalesce(products.setup_cost, 0) = 0
)

select *
from stops
where share < $stopped
union all
select *
from swings
order by swing, subject
