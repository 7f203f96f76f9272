-- grain: one row per series and period, from its first to its last value
-- A gap is a period without a value inside a series. In a series that knows zeros it is zero, else it lies on the
-- straight line between its neighbours.
-- reads: file_rows = rows
-- binds: $months_per_period bigint
with valued as (
    select
        unique_id,
        period,
        y
    from file_rows
    where y is not null
),

spans as (
    select
        unique_id,
        unnest(range(min(period), max(period) + 1)) as period,
        bool_or(y = 0) as knows_zeros
    from valued
    group by unique_id
),

placed as (
    select
        spans.unique_id,
        spans.period,
        spans.knows_zeros,
        valued.y
    from spans
    left join valued using (unique_id, period)
),

neighbours as (
    select
        *,
        last_value(y ignore nulls) over before as y_before,
        last_value(if(y is null, null, period) ignore nulls) over before as period_before,
        first_value(y ignore nulls) over after as y_after,
        first_value(if(y is null, null, period) ignore nulls) over after as period_after
    from placed
    window
        before as (partition by unique_id order by period rows between unbounded preceding and current row),
        after as (partition by unique_id order by period rows between current row and unbounded following)
)

select
    unique_id,
    period,
    make_date((period * $months_per_period) // 12, ((period * $months_per_period) % 12 + 1)::bigint, 1) as month,
    case
        when y is not null then y
        when knows_zeros then 0
        else y_before + (y_after - y_before) * (period - period_before) / (period_after - period_before)
    end as y,
    y is null as is_gap,
    knows_zeros
from neighbours
order by unique_id, period
