-- grain: one row per run, node and period
-- In-sample one-step errors of the fit that served a node's forecast in a run; nothing in them is later than its origin.
-- reads: base, residuals
with served as (
    select
        base.node_id,
        base.run,
        max(residuals.known_until) as known_until
    from base
    inner join residuals on base.node_id = residuals.node_id and base.origin_period >= residuals.known_until
    where base.lag = 0
    group by base.node_id, base.run
)

select
    served.run,
    served.node_id,
    unnest(range(residuals.first_period, residuals.known_until)) as period,
    unnest(residuals.residuals) as residual
from served
inner join residuals using (node_id, known_until)
