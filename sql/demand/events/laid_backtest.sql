-- grain: one row per approach, level, item, origin and lag: the engine's backtest with events, beside what came
-- each origin lays on what it knew of events; families and the company move as their products do, where an approach
-- has none as those of the one in use. The naive forecast is the month it repeats, as it was.
-- reads: engine_backtest, event_factors, product_lifecycle, whole_series, cleared_series
-- binds: $chosen varchar
with histories as (
    select
        lifecycle.family,
        whole.unique_id as product_id,
        whole.month,
        whole.y as whole,
        cleared.y as cleared
    from whole_series as whole
    inner join cleared_series as cleared on whole.unique_id = cleared.unique_id and whole.month = cleared.month
    inner join product_lifecycle as lifecycle on whole.unique_id = lifecycle.product_id
),

products as (
    select
        backtest.approach,
        backtest.item_id,
        lifecycle.family,
        backtest.origin,
        backtest.lag,
        backtest.forecast as before,
        (backtest.forecast::double * coalesce(factors.factor, 1))::decimal(28, 4) as after
    from engine_backtest as backtest
    inner join product_lifecycle as lifecycle on backtest.item_id = lifecycle.product_id
    left join event_factors as factors
        on
            backtest.item_id = factors.product_id
            and backtest.month = factors.month
            and backtest.origin = factors.origin
    where backtest.level = 'product' and backtest.approach <> 'naive'
),

moved as (
    select
        approach,
        case
            when grouping(item_id) = 0 then 'product'
            when grouping(family) = 0 then 'family'
            else 'company'
        end as level,
        coalesce(item_id, family, 'company') as item_id,
        origin,
        lag,
        sum(after)::double / nullif(sum(before), 0) as factor
    from products
    group by grouping sets (
        (approach, origin, lag, family, item_id), (approach, origin, lag, family), (approach, origin, lag)
    )
),

past as (
    select
        case
            when grouping(product_id) = 0 then 'product'
            when grouping(family) = 0 then 'family'
            else 'company'
        end as level,
        coalesce(product_id, family, 'company') as item_id,
        month,
        sum(whole)::decimal(28, 4) as whole,
        sum(cleared)::decimal(28, 4) as cleared
    from histories
    group by grouping sets ((month, family, product_id), (month, family), (month))
)

select
    backtest.approach,
    backtest.level,
    backtest.item_id,
    backtest.origin,
    backtest.lag,
    backtest.month,
    (
        backtest.forecast::double * if(
            backtest.approach = 'naive',
            coalesce(repeated.whole::double / nullif(repeated.cleared, 0), 1),
            coalesce(own.factor, of_chosen.factor, 1)
        )
    )::decimal(28, 4) as forecast,
    coalesce(came.whole, backtest.actual) as actual,
    backtest.is_judged
from engine_backtest as backtest
left join moved as own
    on
        backtest.approach = own.approach
        and backtest.level = own.level
        and backtest.item_id = own.item_id
        and backtest.origin = own.origin
        and backtest.lag = own.lag
left join moved as of_chosen
    on
        of_chosen.approach = $chosen
        and backtest.level = of_chosen.level
        and backtest.item_id = of_chosen.item_id
        and backtest.origin = of_chosen.origin
        and backtest.lag = of_chosen.lag
left join past as came
    on backtest.level = came.level and backtest.item_id = came.item_id and backtest.month = came.month
left join past as repeated
    on
        backtest.level = repeated.level
        and backtest.item_id = repeated.item_id
        and repeated.month = (backtest.month - to_months((12 * (backtest.lag // 12 + 1))::integer))::date
order by backtest.approach, backtest.level, backtest.item_id, backtest.origin, backtest.lag
