-- grain: one row per node
-- In-sample error of the seasonal naive, the benchmark of MASE (absolute) and RMSSE (squared); null under a year and a
-- month of history.
-- reads: series
-- binds: $season bigint
with differences as (
    select
        node_id,
        list_transform(
            range($season + 1, periods + 1), lambda i: abs(history[i] - history[i - $season])
        ) as steps
    from series
)

select
    node_id,
    list_avg(steps) as absolute,
    list_avg(list_transform(steps, lambda v: v * v)) as squared
from differences
