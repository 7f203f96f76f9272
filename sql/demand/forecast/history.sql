-- grain: one row per series and period
-- History as given, with an explicit zero at `last_month` where a series ended before it (null: each keeps its own
-- end). Periods are whole numbers (months or quarters since year 0).
-- reads: given_history
-- binds: $months_per_period bigint, $last_month date
with given as (
    select
        unique_id::varchar as unique_id,
        ((year(month) * 12 + month(month) - 1) // $months_per_period)::integer as period,
        sum(y::decimal(28, 4))::decimal(28, 4) as quantity
    from given_history
    group by unique_id, period
),

ends as (
    select unique_id
    from given
    where $last_month::date is not null
    group by unique_id
    having max(period) < (year($last_month::date) * 12 + month($last_month::date) - 1) // $months_per_period
)

select
    unique_id,
    period,
    quantity
from given
union all
select
    unique_id,
    ((year($last_month::date) * 12 + month($last_month::date) - 1) // $months_per_period)::integer as period,
    0 as quantity
from ends
