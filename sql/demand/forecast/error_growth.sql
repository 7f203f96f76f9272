-- grain: one row per approach and level
-- How errors, in units of each node's one-step error, grow with the lag: mean |error| ~ (1 + growth * lag) ^ power.
-- With a power of a half that is the theory of simple smoothing, with one near that of a trend; it never falls and
-- carries widths beyond the longest lag backtested. The rate is the least-squares one on logs of a grid, lags counting
-- by their errors; a tenth of the errors of lag 0, a season on, stands for what is usual. Few nodes say little about
-- growth, so a level counts by its nodes against `growth_nodes` and all nodes for the rest.
-- reads: unit_errors, nodes
-- binds: $growth_rates double[], $growth_power double, $season bigint, $usual_growth double, $growth_nodes bigint
with by_lag as (
    select
        approach,
        level_no,
        lag,
        count(*) as errors,
        ln(nullif(sum(least(abs(error), 1e6)::decimal(28, 9)) / count(*), 0)) as size
    from unit_errors
    group by grouping sets ((approach, lag), (approach, level_no, lag))
),

counted as (
    select
        level_no,
        count(*) as nodes
    from nodes
    group by level_no
),

gathered as (
    select
        approach,
        level_no,
        list({'lag': lag, 'size': size, 'weight': errors} order by lag) as lags,
        sum(errors)::double as errors,
        max(errors) as most_errors
    from by_lag
    where size is not null
    group by approach, level_no
),

tried as (
    select
        *,
        unnest($growth_rates::double[]) as growth
    from gathered
),

residuals as (
    select
        * exclude (lags),
        list_transform(lags, lambda v: v.weight) as weights,
        list_transform(lags, lambda v: v.size - $growth_power * ln(1 + growth * v.lag)) as residuals,
        $growth_power * ln((1 + growth * $season) / (1 + $usual_growth * $season)) as unusual
    from tried
),

lost as (
    select
        approach,
        level_no,
        growth,
        list_dot_product(weights, list_transform(residuals, lambda v: v * v))
        - list_dot_product(weights::double[], residuals) ** 2 / errors
        + 0.1 * most_errors * unusual ** 2 as loss
    from residuals
),

best as (
    select
        approach,
        level_no,
        arg_min(growth, (loss, growth)) as growth
    from lost
    group by approach, level_no
)

select
    best.approach,
    best.level_no,
    usual.growth + counted.nodes / (counted.nodes + $growth_nodes) * (best.growth - usual.growth) as growth
from best
inner join best as usual on best.approach = usual.approach and usual.level_no is null
inner join counted on best.level_no = counted.level_no
