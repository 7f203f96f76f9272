-- grain: one row per approach, part of the backtest, level and pattern
-- A dozen overlapping origins see one stretch of time: half of the way P10 and P90 lean is taken as its chance (of a
-- lean beyond five one-step errors no more than these), and three quarters of P50's, but for intermittent demand, one-
-- sided by nature.
-- And they are few: quantiles of n errors are widened by half of what Student's t and the next value's own error ask,
-- 1 + ((z^2 + 1) / 4 + 1 / 2) / (n - 1) with z that of P90; half, as their scale rests on the fit's errors too. Errors
-- of different nodes are correlated by `error_correlation`: n nodes are worth n / (1 + (n - 1) * correlation), each
-- with its origins.
-- reads: blended_quantiles, own_widths
-- binds: $error_correlation double
with independent as (
    select
        approach,
        part,
        level_no,
        max(origins) * count(*) / (1 + (count(*) - 1) * $error_correlation) as errors
    from own_widths
    group by approach, part, level_no
),

blended as (
    select
        * exclude (quantiles),
        quantiles[1] as q10,
        quantiles[2] as q50,
        quantiles[3] as q90
    from blended_quantiles
),

leaning as (
    select
        *,
        if(is_intermittent, 0, greatest(-5, least(5, (q10 + q90) / 2))) as lean
    from blended
),

centred as (
    select
        * exclude (lean, q10, q50, q90),
        q10 - lean / 2 as q10,
        if(is_intermittent, q50, q50 / 4) as q50,
        q90 - lean / 2 as q90
    from leaning
),

widened as (
    select
        approach,
        part,
        level_no,
        1 + 0.58 / greatest(errors - 1, 1) as factor
    from independent
)

select
    centred.approach,
    centred.part,
    centred.level_no,
    centred.is_intermittent,
    centred.is_erratic,
    centred.q50 + widened.factor * (centred.q10 - centred.q50) as q10,
    centred.q50,
    centred.q50 + widened.factor * (centred.q90 - centred.q50) as q90
from centred
inner join widened using (approach, part, level_no)
