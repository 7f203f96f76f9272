-- grain: one row per approach, node, run and lag of the backtest
-- Errors in units of the node's one-step error. A fit's in-sample error says too much of how a node's noise changes: it
-- falls when a seasonal profile is first fitted, far more than the errors to come do. So an error is brought to today's
-- scale (run 0) by the power `scale_renewal` of the change, relative to the node's own forecast, since its origin.
-- `half` parts the origins in two (1 earlier, 2 later), so that coverage can be measured on errors the quantiles have
-- not seen. The pattern is the one known at the origin. Errors of forecasts that missed a level shift are no measure.
-- Series have those of the approaches in `ranged`; levels above them of every approach.
-- reads: base, coherent, nodes, missed_shifts, missed_parts
-- binds: $scale_renewal double
-- structure: {ranged: [bottom_up, reconciled]}
with runs as (
    select distinct run
    from base
    where run > 0
),

relative as (
    select
        node_id,
        run,
        error_scale / (mean::double * to_median) as size
    from base
    where lag = 0 and mean > 0 and error_scale > 0 and not is_intermittent
),

middle as (
    select median(run) as run
    from runs
),

renewed as (
    select
        relative.node_id,
        relative.run,
        greatest(0.25, least(4, today.size / relative.size)) ** $scale_renewal as factor
    from relative
    inner join relative as today on relative.node_id = today.node_id and today.run = 0
    where relative.run > 0
)

select
    coherent.approach,
    nodes.level_no,
    coherent.is_intermittent,
    coherent.is_erratic,
    coherent.node_id,
    coherent.run,
    coherent.lag,
    if(coherent.run > (select run from middle), 2, 1) as half,
    (coherent.actual - coherent.mean * coherent.to_median - coalesce(missed_parts.error, 0))
    / (coherent.error_scale * coalesce(renewed.factor, 1)) as error
from coherent
inner join nodes using (node_id)
left join renewed using (node_id, run)
left join missed_shifts using (node_id, run)
left join missed_parts
    on
        coherent.approach = missed_parts.approach
        and coherent.node_id = missed_parts.node_id
        and coherent.run = missed_parts.run
        and coherent.period = missed_parts.period
where
    coherent.run > 0
    and coherent.error_scale > 0
    and coherent.approach <> 'naive'
    and (
        nodes.level_no < (select max(level_no) from nodes)
        or coherent.approach in ('{{ ranged | join("', '") }}')
    )
    and coherent.period < coalesce(missed_shifts.from_period, coherent.period + 1)
