-- grain: one row per approach, level, item and lag; item 'all' is the whole level
-- all in units as they were sold, in the months' own working days; over items of several units the errors are added in
-- the company's unit, and where it has none only what is free of units is told; the share of actuals inside the range
-- is the engine's, as working days move both alike
-- reads: backtest_in_units, level_units, naive_errors, engine_accuracy
-- binds: $company varchar
-- structure: {by_item: true}
-- structure: {by_item: false}
with scaled as (
    select
        backtest.approach,
        backtest.level,
        backtest.item_id,
        backtest.lag,
        backtest.forecast - backtest.actual as error,
        backtest.actual,
        units.unit_of_measure,
        units.company_unit,
        units.company_equivalent,
        scaled_error(abs(backtest.forecast - backtest.actual), naive.absolute) as scaled,
        scaled_error((backtest.forecast - backtest.actual)::double ** 2, naive.squared) as scaled_squared
    from backtest_in_units as backtest
    inner join level_units as units on backtest.level = units.level and backtest.item_id = units.item_id
    left join naive_errors as naive on backtest.level = naive.level and backtest.item_id = naive.item_id
    where coalesce(backtest.is_judged, true)
),

counted as (
    select
        approach,
        level,
        if(level = 'company' and item_id <> 'all', $company, item_id) as item_id,
        lag,
        n,
        coverage
    from engine_accuracy
),

summed as (
    select
        approach,
        level,
        'all' as item_id,
        lag,
        sum(abs(error) * company_equivalent)::double as absolute,
        sum(error * company_equivalent)::double as signed,
        sum(abs(actual) * company_equivalent)::double as actual,
        count(*) as n,
        any_value(company_unit) as unit_of_measure,
        mase(scaled) as mase,
        rmsse(scaled_squared) as rmsse
    from scaled
    group by approach, level, lag
    {% if by_item %}
    union all
    select
        approach,
        level,
        item_id,
        lag,
        sum(abs(error))::double as absolute,
        sum(error)::double as signed,
        sum(abs(actual))::double as actual,
        count(*) as n,
        any_value(unit_of_measure) as unit_of_measure,
        mase(scaled) as mase,
        rmsse(scaled_squared) as rmsse
    from scaled
    group by approach, level, lag, item_id
    {% endif %}

)

select
    counted.approach,
    counted.level,
    counted.item_id,
    counted.lag,
    counted.n,
    wmape(summed.absolute, summed.actual) as wmape,
    bias(summed.signed, summed.actual) as bias,
    tracking_signal(summed.signed, summed.absolute, summed.n) as tracking_signal,
    summed.mase,
    summed.rmsse,
    counted.coverage,
    summed.unit_of_measure
from counted
inner join summed using (approach, level, item_id, lag)
order by counted.approach, counted.level, counted.item_id, counted.lag
