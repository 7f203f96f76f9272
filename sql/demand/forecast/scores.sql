-- Grain: one row per approach, node, run and lag of the backtest.
-- Errors in units of the node's own one-step error known at the origin, grown with the lag; comparable over nodes.
-- `later_half` parts the origins in two, so that coverage can be measured on errors the quantiles have not seen.
with middle as (
    select median(run) as run
    from (select distinct run from coherent where run > 0)
)

select
    coherent.approach,
    nodes.level_no,
    coherent.node_id,
    coherent.run,
    coherent.lag,
    coherent.run > (select run from middle) as later_half,
    (coherent.actual - coherent.mean) / coherent.error_scale / (coherent.lag + 1) ** error_growth.growth as score
from coherent
inner join nodes using (node_id)
inner join error_growth using (approach, level_no)
where coherent.run > 0 and coherent.error_scale > 0
