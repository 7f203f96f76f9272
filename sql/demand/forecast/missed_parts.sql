-- grain: one row per approach, node above the series, run and period in which one of its series was on a new level
-- What series missed that did not know of their level shift: it is taken out of the errors of their sums as well.
-- reads: coherent, missed_shifts, memberships
select
    coherent.approach,
    memberships.node_id,
    coherent.run,
    coherent.period,
    sum(coherent.actual - coherent.mean) as error
from coherent
inner join missed_shifts using (node_id, run)
inner join memberships on coherent.node_id = memberships.leaf_id and memberships.node_id <> memberships.leaf_id
where coherent.period >= missed_shifts.from_period and coherent.approach <> 'naive'
group by coherent.approach, memberships.node_id, coherent.run, coherent.period
