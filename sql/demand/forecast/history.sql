-- Grain: one row per series and month.
-- History as given, with an explicit zero at `last_month` where a series ended before it (null: each keeps its own end).
with given as (
    select
        unique_id::varchar as unique_id,
        date_trunc('month', month)::date as month,
        sum(y::decimal(18, 4)) as y
    from given_history
    group by all
),

ends as (
    select unique_id
    from given
    group by unique_id
    having max(month) < $last_month
)

select
    unique_id,
    month,
    y
from given
union all
select
    unique_id,
    $last_month::date as month,
    0 as y
from ends
