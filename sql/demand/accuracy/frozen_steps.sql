-- grain: one row per cycle, product, month and step of the frozen forecasts whose month has come
-- the forecast after each step: naive (the newest same calendar month known then), statistical, each stream, consensus
-- reads: demand_history, frozen_plans, frozen_history, frozen_adjustments, products, demand_units
-- binds: $lags bigint[]
-- meant: cross join of what is due with the streams, a handful: a forecast after each of them
with actuals as (
    select
        product_id,
        month,
        quantity as actual
    from demand_history
    where coalesce(flag, '') <> 'partial_month'
),

newest as (
    select
        cycle,
        product_id,
        arg_max(cleansed, month) as cleansed
    from frozen_history
    where month < cycle
    group by cycle, product_id
),

streams as (
    select
        stream as step,
        1 + row_number() over (order by min(precedence), stream) as position
    from frozen_adjustments
    group by stream
),

due as (
    select
        plans.cycle,
        plans.product_id,
        plans.family,
        plans.month,
        plans.lag,
        plans.statistical,
        plans.quantity,
        actuals.actual
    from frozen_plans as plans
    inner join actuals on plans.product_id = actuals.product_id and plans.month = actuals.month
    where list_contains($lags::bigint[], plans.lag)
),

naive as (
    select
        due.cycle,
        due.product_id,
        due.month,
        coalesce(last_year.cleansed, newest.cleansed, 0) as forecast
    from due
    left join frozen_history as last_year
        on
            due.cycle = last_year.cycle
            and due.product_id = last_year.product_id
            and last_year.month = (due.month - to_months((12 * (1 + due.lag // 12))::integer))::date
    left join newest on due.cycle = newest.cycle and due.product_id = newest.product_id
),

stream_forecasts as (
    select
        due.cycle,
        due.product_id,
        due.month,
        streams.step,
        streams.position,
        due.statistical + sum(coalesce(changes.change, 0)) over (
            partition by due.cycle, due.product_id, due.month
            order by streams.position
        ) as forecast
    from due
    cross join streams
    left join frozen_adjustments as changes
        on
            due.cycle = changes.cycle
            and due.product_id = changes.product_id
            and due.month = changes.month
            and streams.step = changes.stream
),

steps as (
    select
        cycle,
        product_id,
        month,
        'naive' as step,
        0 as position,
        forecast
    from naive
    union all
    select
        cycle,
        product_id,
        month,
        'statistical' as step,
        1 as position,
        statistical as forecast
    from due
    union all
    select
        cycle,
        product_id,
        month,
        step,
        position,
        forecast
    from stream_forecasts
    union all
    select
        cycle,
        product_id,
        month,
        'consensus' as step,
        2 + (select count(*) from streams) as position,
        quantity as forecast
    from due
)

select
    due.cycle,
    due.product_id,
    due.family,
    due.month,
    due.lag,
    steps.step,
    steps.position::bigint as position,
    (steps.forecast - due.actual)::decimal(28, 4) as error,
    due.actual,
    units.family_equivalent,
    units.company_equivalent,
    ((steps.forecast - due.actual)::decimal(28, 4) * products.standard_cost)::decimal(28, 6) as error_money
from due
inner join steps using (cycle, product_id, month)
left join products on due.product_id = products.product_id
inner join demand_units as units on due.product_id = units.product_id
order by due.cycle, due.product_id, due.month, steps.position
