-- grain: one row per launch and month from its launch on, a year at most: what was planned, and what came
-- The plan is that of the last cycle before the launch; until then it is made anew each month. Totals count from the
-- month of launch. A month that is partly forecast, or has not come, has no actual; one that came without a sale has 0.
-- reads: product_lifecycle, sales_plan, actuals, earlier = launch_ramps
-- binds: $cycle varchar, $cycle_month date
-- meant: launches that are not a year old, a few, with the months since
with come as (
    select distinct month
    from actuals
    where
        month < $cycle_month
        and month < coalesce((select min(month) from actuals where sales_estimated > 0), $cycle_month)
),

launches as (
    select
        product_id,
        family,
        launch_month
    from product_lifecycle
    where status in ('launching', 'new') and launch_month is not null
),

sold as (
    select
        actuals.product_id,
        actuals.month,
        actuals.sales
    from actuals
    inner join come on actuals.month = come.month
),

ahead as (
    select
        launches.product_id,
        launches.family,
        launches.launch_month,
        sales_plan.month,
        sales_plan.sales as planned
    from launches
    inner join sales_plan on launches.product_id = sales_plan.product_id
    where
        launches.launch_month >= $cycle_month
        and sales_plan.month >= launches.launch_month
        and sales_plan.month < launches.launch_month + interval 12 month
),

kept as (
    select
        earlier.product_id,
        earlier.family,
        earlier.launch_month,
        earlier.month,
        earlier.planned_in,
        earlier.planned
    from earlier
    anti join ahead on earlier.product_id = ahead.product_id
    where earlier.launch_month < $cycle_month and earlier.launch_month + interval 12 month > $cycle_month
),

unplanned as (
    select
        launches.product_id,
        launches.family,
        launches.launch_month,
        come.month
    from launches
    inner join come on launches.launch_month <= come.month
    anti join kept on launches.product_id = kept.product_id
    where launches.launch_month < $cycle_month and come.month < launches.launch_month + interval 12 month
),

every_month as (
    select
        product_id,
        family,
        launch_month,
        month,
        $cycle as planned_in,
        planned
    from ahead
    union all by name
    select *
    from kept
    union all by name
    select *
    from unplanned
),

held as (
    select
        every_month.*,
        case when come.month is not null then coalesce(sold.sales, 0) end as actual
    from every_month
    left join come on every_month.month = come.month
    left join sold on every_month.product_id = sold.product_id and every_month.month = sold.month
)

select
    product_id,
    family,
    launch_month,
    month,
    planned_in,
    planned,
    actual,
    sum(planned) over so_far as planned_total,
    case when actual is not null then sum(actual) over so_far end as actual_total
from held
window so_far as (partition by product_id order by month)
