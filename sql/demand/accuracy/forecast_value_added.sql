-- grain: one row per step, level, item and lag; item 'all' is the whole level
-- METHODS 3: error = forecast - actual; value added = error of the step before - error of the step, as a share and in
-- money at standard cost (null where a product has no cost)
with
by_level as (
    select
        'product' as level,
        product_id as item_id,
        cycle,
        month,
        lag,
        step,
        position,
        error,
        actual,
        error_money
    from frozen_steps
    union all
    select
        'family' as level,
        family as item_id,
        cycle,
        month,
        lag,
        step,
        position,
        sum(error) as error,
        sum(actual) as actual,
        if(count(error_money) = count(*), sum(error_money), null) as error_money
    from frozen_steps
    group by family, cycle, month, lag, step, position
    union all
    select
        'company' as level,
        $company as item_id,
        cycle,
        month,
        lag,
        step,
        position,
        sum(error) as error,
        sum(actual) as actual,
        if(count(error_money) = count(*), sum(error_money), null) as error_money
    from frozen_steps
    group by cycle, month, lag, step, position
),

measured as (
    select
        step,
        position,
        level,
        coalesce(item_id, 'all') as item_id,
        lag,
        count(*) as n,
        sum(abs(error)) as absolute,
        sum(abs(error))::double / nullif(sum(abs(actual)), 0)::double as wmape,
        sum(error)::double / nullif(sum(abs(actual)), 0)::double as bias,
        sum(error)::double / nullif(sum(abs(error))::double / count(*), 0) as tracking_signal,
        if(count(error_money) = count(*), sum(abs(error_money)), null) as money
    from by_level
    group by grouping sets ((step, position, level, item_id, lag), (step, position, level, lag))
)

select
    step,
    position,
    level,
    item_id,
    lag,
    n,
    wmape,
    bias,
    tracking_signal,
    lag(wmape) over by_step - wmape as value_added,
    (lag(money) over by_step - money)::decimal(18, 2) as value_added_money
from measured
window by_step as (partition by level, item_id, lag order by position)
order by position, level, item_id, lag
