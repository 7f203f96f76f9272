-- grain: one row per node and run of the backtest that did not know of a level shift that is known today
-- `from_period` is the first one on the new level. What a forecast was off by there says how large the step was, not
-- how far demand strays from its level. The place of a step may be told a period apart from one fit to the next.
-- reads: base
with today as (
    select
        node_id,
        shift_periods
    from base
    where run = 0 and lag = 0 and len(shift_periods) > 0
),

unknown as (
    select
        base.node_id,
        base.run,
        list_filter(
            today.shift_periods,
            lambda shift: len(list_filter(base.shift_periods, lambda known: abs(known - shift) <= 1)) = 0
        ) as shifts
    from base
    inner join today using (node_id)
    where base.run > 0 and base.lag = 0
)

select
    node_id,
    run,
    list_min(shifts) as from_period
from unknown
where len(shifts) > 0
