-- Grain: one row per approach, node, run and lag of the backtest.
-- Errors in units of the node's own one-step error known at the origin, grown with the lag; comparable over nodes.
-- `half` parts the origins in two (1 earlier, 2 later), so that coverage can be measured on errors the quantiles have
-- not seen. The pattern is the one known at the origin.
with middle as (
    select median(run) as run
    from (select distinct run from coherent where run > 0)
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
    (coherent.actual - coherent.mean) / coherent.error_scale / (coherent.lag + 1) ** error_growth.growth as score
from coherent
inner join nodes using (node_id)
inner join error_growth using (approach, level_no)
where coherent.run > 0 and coherent.error_scale > 0
