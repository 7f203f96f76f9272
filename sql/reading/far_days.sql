-- grain: one row per day that stands years off from all others with few rows
-- ahead of the last of them or behind the first
-- reads: sales
-- binds: $ahead bigint, $behind bigint, $share double, $others bigint
-- structure: {rows: sales, day: date}
with days as (
    select
        {{ day }} as day,
        count(*) as rows
    from {{ rows }}
    where {{ day }} is not null
    group by {{ day }}
),

placed as (
    select
        day,
        sum(rows) over (order by day) as rows_until,
        sum(rows) over (order by day desc) as rows_from,
        sum(rows) over () as rows_in_all,
        lag(day) over (order by day) as day_before,
        lead(day) over (order by day) as day_after
    from days
),

judged as (
    select
        *,
        coalesce(
            day - day_before >= $ahead
            and rows_from <= greatest(1, $share * rows_in_all)
            and rows_in_all - rows_from >= $others,
            false
        ) as is_ahead,
        coalesce(
            day_after - day >= $behind
            and rows_until <= greatest(1, $share * rows_in_all)
            and rows_in_all - rows_until >= $others,
            false
        ) as is_behind
    from placed
),

spread as (
    select
        day,
        min(case when is_ahead then day end) over () as first_ahead,
        max(case when is_behind then day end) over () as last_behind,
        first_value(day_before) over (order by is_ahead desc, day asc) as last_usual,
        first_value(day_after) over (order by is_behind desc, day desc) as first_usual
    from judged
)

select
    day,
    coalesce(day >= first_ahead, false) as is_ahead,
    case when day >= first_ahead then last_usual else first_usual end as nearest
from spread
where day >= first_ahead or day <= last_behind
order by day
