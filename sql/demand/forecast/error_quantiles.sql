-- Grain: one row per approach and level.
-- Conformal quantiles of the backtest's own errors, pooled over a level's nodes and lags once scaled. Families and total
-- have joint errors here: those of their sums, not sums of theirs. `fewest_errors` guards the tails.
select
    approach,
    level_no,
    count(*) as errors,
    quantile_cont(score, 0.1) as q10,
    quantile_cont(score, 0.5) as q50,
    quantile_cont(score, 0.9) as q90
from scores
group by approach, level_no
having count(*) >= $fewest_errors
