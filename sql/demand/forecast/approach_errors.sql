-- grain: one row per approach
-- Backtest error of the series, over all origins and lags: what `auto` chooses by and the review shows.
-- reads: coherent, nodes
select
    coherent.approach::varchar as approach,
    sum(abs(coherent.mean - coherent.actual))::double / nullif(sum(abs(coherent.actual)), 0)::double as wmape,
    sum(coherent.mean - coherent.actual)::double / nullif(sum(abs(coherent.actual)), 0)::double as bias,
    count(distinct coherent.run) as origins
from coherent
inner join nodes using (node_id)
where coherent.run > 0 and nodes.level_no = (select max(level_no) from nodes)
group by coherent.approach
order by coherent.approach
