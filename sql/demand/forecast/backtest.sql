-- Grain: one row per approach, level, item, origin and lag: a forecast made in the past beside what came.
select
    coherent.approach::varchar as approach,
    nodes.level,
    nodes.item_id,
    make_date(
        (coherent.run * $months_per_period) // 12, ((coherent.run * $months_per_period) % 12 + 1)::bigint, 1
    ) as origin,
    coherent.lag::bigint as lag,
    make_date(
        (coherent.period * $months_per_period) // 12, ((coherent.period * $months_per_period) % 12 + 1)::bigint, 1
    ) as month,
    coherent.mean as forecast,
    coherent.actual
from coherent
inner join nodes using (node_id)
where coherent.run > 0
order by coherent.approach, coherent.node_id, coherent.run, coherent.lag
