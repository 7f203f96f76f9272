-- grain: one row per approach
-- Backtest error of the series, over all origins and lags: what `auto` chooses by and the review shows.
-- reads: coherent, nodes, judged_from
select
    coherent.approach::varchar as approach,
    wmape(sum(abs(coherent.mean - coherent.actual))::double, sum(abs(coherent.actual))::double) as wmape,
    bias(sum(coherent.mean - coherent.actual)::double, sum(abs(coherent.actual))::double) as bias,
    count(distinct coherent.run) as origins
from coherent
inner join nodes using (node_id)
inner join judged_from using (node_id)
where
    coherent.run > 0
    and coherent.period >= judged_from.from_period
    and nodes.level_no = (select max(level_no) from nodes)
group by coherent.approach
order by coherent.approach
