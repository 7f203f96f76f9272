-- Grain: one row per approach and level.
-- How errors, in units of each node's one-step error, grow with the lag: mean |error| ~ (lag + 1) ^ growth, by least
-- squares on logs over the lags seen, held between 0 and 1. It carries widths beyond the longest lag backtested.
with scored as (
    select
        coherent.approach,
        nodes.level_no,
        coherent.lag,
        abs(coherent.actual - coherent.mean) / coherent.error_scale as score
    from coherent
    inner join nodes using (node_id)
    where coherent.run > 0 and coherent.error_scale > 0 and coherent.approach <> 'naive'
),

by_lag as (
    select
        approach,
        level_no,
        ln(lag + 1) as log_lag,
        ln(nullif(sum(least(score, 1e6)::decimal(28, 9)) / count(*), 0)) as log_score
    from scored
    group by approach, level_no, lag
),

gathered as (
    select
        approach,
        level_no,
        list(log_lag order by log_lag) as x,
        list(log_score order by log_lag) as y
    from by_lag
    where log_score is not null
    group by approach, level_no
)

select
    approach,
    level_no,
    least(1, greatest(0, coalesce(
        list_dot_product(list_transform(x, lambda v: v - list_avg(x)), list_transform(y, lambda v: v - list_avg(y)))
        / nullif(list_dot_product(
            list_transform(x, lambda v: v - list_avg(x)), list_transform(x, lambda v: v - list_avg(x))
        ), 0),
        0.5
    ))) as growth
from gathered
