-- grain: one row per node and cutoff (a point in its history where parameters are estimated anew)
-- A fit knows the first `cutoff` values. It serves the forecast origins from its cutoff to the next one, so its list
-- runs on to `last_origin`; the newest fit serves the real forecast alone. Positive histories are taken in logs.
-- What came before a level shift that the fit knows of is brought to the level after it; `as_given` is the history as
-- it was. `shift_periods` are the first ones of a new level.
-- reads: series, level_shifts
-- binds: $origins bigint, $refit bigint, $shortest_fit bigint, $season bigint
with refits as (
    select
        node_id,
        first_period,
        history,
        periods,
        unnest(generate_series(0, ceil($origins / $refit)::bigint)) as refits_back
    from series
),

cutoffs as (
    select
        node_id,
        first_period,
        history,
        periods,
        periods - refits_back * $refit as cutoff,
        if(refits_back = 0, periods, periods - (refits_back - 1) * $refit - 1) as last_origin
    from refits
    where refits_back = 0 or periods - refits_back * $refit >= $shortest_fit
),

levelled as (
    select
        cutoffs.* exclude (history),
        cutoffs.history as as_given,
        if(
            level_shifts.factors is null,
            cutoffs.history,
            list_transform(cutoffs.history, lambda v, i: v * coalesce(level_shifts.factors[i], 1))
        ) as history,
        coalesce(
            list_transform(level_shifts.places, lambda place: cutoffs.first_period + place - 1), []
        )::bigint[] as shift_periods
    from cutoffs
    left join level_shifts using (node_id, cutoff)
),

scaled as (
    select
        *,
        list_min(history[1:cutoff]) as lowest
    from levelled
)

select
    node_id,
    cutoff,
    last_origin,
    periods,
    first_period,
    first_period % $season as first_phase,
    lowest > 0 as in_logs,
    lowest >= 0 as never_negative,
    shift_periods,
    as_given[1:last_origin] as as_given,
    history[1:last_origin] as history,
    case
        when lowest > 0
            then list_transform(history[1:last_origin], lambda v: ln(greatest(v, lowest / 2)))
        else history[1:last_origin]
    end as x
from scaled
