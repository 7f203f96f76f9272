-- grain: one row per approach, level, item and lag; item 'all' is the whole level
-- WMAPE, bias and tracking signal in the months' own working days; what is scaled by its own series stays the engine's
with
measured as (
    select
        approach,
        level,
        coalesce(item_id, 'all') as item_id,
        lag,
        sum(abs(forecast - actual))::double / nullif(sum(abs(actual)), 0)::double as wmape,
        sum(forecast - actual)::double / nullif(sum(abs(actual)), 0)::double as bias,
        sum(forecast - actual)::double / nullif(sum(abs(forecast - actual))::double / count(*), 0) as tracking_signal
    from backtest_in_units
    group by grouping sets ((approach, level, lag), (approach, level, lag, item_id))
),

scored as (
    select
        approach,
        level,
        if(level = 'company' and item_id <> 'all', $company, item_id) as item_id,
        lag,
        n,
        mase,
        rmsse,
        coverage
    from engine_accuracy
)

select
    scored.approach,
    scored.level,
    scored.item_id,
    scored.lag,
    scored.n,
    measured.wmape,
    measured.bias,
    measured.tracking_signal,
    scored.mase,
    scored.rmsse,
    scored.coverage
from scored
inner join measured using (approach, level, item_id, lag)
order by scored.approach, scored.level, scored.item_id, scored.lag
