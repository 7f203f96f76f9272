-- grain: one row per step, level, item and lag; item 'all' is the whole level
-- METHODS 3: error = forecast - actual; value added = error of the step before - error of the step, as a share and in
-- money at standard cost (null where a product has no cost); families and the company in their own units, left out
-- where units cannot be added, and 'all' in the company's (METHODS 1)
-- reads: frozen_steps, level_units, naive_errors
-- binds: $company varchar
with by_level as (
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
        sum(weighed(error, family_equivalent)) as error,
        sum(weighed(actual, family_equivalent)) as actual,
        if(count(error_money) = count(*), sum(error_money), null) as error_money
    from frozen_steps
    where family_equivalent is not null
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
        sum(weighed(error, company_equivalent)) as error,
        sum(weighed(actual, company_equivalent)) as actual,
        if(count(error_money) = count(*), sum(error_money), null) as error_money
    from frozen_steps
    where company_equivalent is not null
    group by cycle, month, lag, step, position
),

measured as (
    select
        steps.step,
        steps.position,
        steps.level,
        coalesce(steps.item_id, 'all') as item_id,
        steps.lag,
        count(*) as n,
        mase(scaled_error(abs(steps.error)::double, naive.absolute)) as mase,
        if(
            grouping(steps.item_id) = 1,
            sum(abs(steps.error) * units.company_equivalent)::double,
            sum(abs(steps.error))::double
        ) as absolute,
        if(
            grouping(steps.item_id) = 1,
            sum(steps.error * units.company_equivalent)::double,
            sum(steps.error)::double
        ) as signed,
        if(
            grouping(steps.item_id) = 1,
            sum(abs(steps.actual) * units.company_equivalent)::double,
            sum(abs(steps.actual))::double
        ) as actual,
        if(grouping(steps.item_id) = 1, any_value(units.company_unit), any_value(units.unit_of_measure))
            as unit_of_measure,
        if(count(steps.error_money) = count(*), sum(abs(steps.error_money)), null) as money
    from by_level as steps
    inner join level_units as units on steps.level = units.level and steps.item_id = units.item_id
    left join naive_errors as naive on steps.level = naive.level and steps.item_id = naive.item_id
    group by
        grouping sets (
            (steps.step, steps.position, steps.level, steps.item_id, steps.lag),
            (steps.step, steps.position, steps.level, steps.lag)
        )
),

scored as (
    select
        *,
        wmape(absolute, actual) as wmape,
        bias(signed, actual) as bias,
        tracking_signal(signed, absolute, n) as tracking_signal
    from measured
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
    mase,
    lag(wmape) over by_step - wmape as value_added,
    (lag(money) over by_step - money)::decimal(28, 2) as value_added_money,
    unit_of_measure
from scored
window by_step as (partition by level, item_id, lag order by position)
order by position, level, item_id, lag
