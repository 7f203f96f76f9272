-- grain: one row per scenario, strategy and measure whose changes do not add up to the difference from base
-- Every measure of a strategy that is explained at all has to be.
-- reads: scenario_effects, scenario_comparison
with explained as (
    select
        scenario,
        strategy,
        measure,
        sum(amount) as amount
    from scenario_effects
    group by scenario, strategy, measure
),

wide as (
    select
        scenario,
        strategy,
        revenue::decimal(28, 4) as revenue,
        contribution::decimal(28, 4) as contribution,
        cash_flow::decimal(28, 4) as cash_flow,
        total_cost::decimal(28, 4) as total_cost,
        shortfall_cost::decimal(28, 4) as shortfall_cost,
        inventory_value::decimal(28, 4) as inventory_value,
        lost_units::decimal(28, 4) as lost_units,
        hires::decimal(28, 4) as hires,
        overtime_hours::decimal(28, 4) as overtime_hours
    from scenario_comparison
),

figures as (
    select
        scenario,
        strategy,
        measure,
        amount
    from wide
    unpivot (
        amount for measure in (
            revenue,
            contribution,
            cash_flow,
            total_cost,
            shortfall_cost,
            inventory_value,
            lost_units,
            hires,
            overtime_hours
        )
    )
),

differences as (
    select
        figures.scenario,
        figures.strategy,
        figures.measure,
        figures.amount - base.amount as amount
    from figures
    inner join figures as base
        on
            figures.strategy = base.strategy
            and figures.measure = base.measure
            and base.scenario = 'base'
    semi join explained
        on
            figures.scenario = explained.scenario
            and figures.strategy = explained.strategy
)

select
    scenario,
    strategy,
    measure,
    explained.amount as by_change,
    differences.amount as difference
from explained
full join differences using (scenario, strategy, measure)
where explained.amount is distinct from differences.amount
order by all
