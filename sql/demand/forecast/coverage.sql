-- Grain: one row per approach, node, run and lag of the backtest.
-- Whether the actual fell between P10 and P90 drawn from the other half of the origins.
with halves as (
    select
        approach,
        level_no,
        later_half,
        quantile_cont(score, 0.1) as q10,
        quantile_cont(score, 0.9) as q90
    from scores
    group by approach, level_no, later_half
    having count(*) >= $fewest_errors
)

select
    scores.approach,
    scores.node_id,
    scores.run,
    scores.lag,
    scores.score between halves.q10 and halves.q90 as covered
from scores
inner join halves
    on scores.approach = halves.approach
    and scores.level_no = halves.level_no
    and scores.later_half <> halves.later_half
