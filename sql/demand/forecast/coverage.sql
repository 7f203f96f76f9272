-- grain: one row per approach, node, run and lag of the backtest
-- Whether the actual fell between P10 and P90 drawn from the other half of the origins. Of intermittent demand P10 is
-- nothing. A forecast that missed a level shift was not covered.
-- reads: scores, error_quantiles, own_widths, coherent, missed_shifts, nodes
-- structure: {ranged: [bottom_up, reconciled]}
select
    scores.approach,
    scores.node_id,
    scores.run,
    scores.lag,
    scores.score / coalesce(own_widths.width, 1) <= error_quantiles.q90
    and (scores.is_intermittent or scores.score / coalesce(own_widths.width, 1) >= error_quantiles.q10) as covered
from scores
inner join error_quantiles
    on
        scores.approach = error_quantiles.approach
        and scores.level_no = error_quantiles.level_no
        and scores.is_intermittent = error_quantiles.is_intermittent
        and scores.is_erratic = error_quantiles.is_erratic
        and error_quantiles.part = 3 - scores.half
left join own_widths
    on
        scores.approach = own_widths.approach
        and scores.node_id = own_widths.node_id
        and own_widths.part = 3 - scores.half
union all
select
    coherent.approach,
    coherent.node_id,
    coherent.run,
    coherent.lag,
    false as covered
from coherent
inner join missed_shifts using (node_id, run)
inner join nodes using (node_id)
where
    coherent.period >= missed_shifts.from_period
    and coherent.approach <> 'naive'
    and (
        nodes.level_no < (select max(level_no) from nodes)
        or coherent.approach in ('{{ ranged | join("', '") }}')
    )
