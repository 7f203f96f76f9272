-- grain: one row per gap whose levers do not add up: what they bring and cost is the set's, what is left open the rest
-- reads: gap_sets, gap_levers
with levers as (
    select
        target,
        sum(brings) as brings,
        sum(outlay) as outlay
    from gap_levers
    group by target
)

select
    gap_sets.target,
    gap_sets.brings,
    levers.brings as of_levers,
    gap_sets.outlay,
    levers.outlay as outlay_of_levers,
    gap_sets.open
from gap_sets
left join levers on gap_sets.target = levers.target
where
    gap_sets.status <> 'no_plan'
    and (
        gap_sets.brings is distinct from coalesce(levers.brings, 0)
        or gap_sets.outlay is distinct from coalesce(levers.outlay, 0)
        or gap_sets.open is distinct from greatest(gap_sets.gap - gap_sets.brings, 0)
        or gap_sets.result_change is distinct from gap_sets.contribution_change - gap_sets.outlay
    )
