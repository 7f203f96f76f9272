-- grain: one row per day that stands years off from all others with few rows: ahead of the last of them or behind the first
-- reads: standing
-- binds: $ahead bigint, $behind bigint, $share double, $others bigint
-- structure: {day: date}
with days as (
    select
        {{ day }} as day,
        count(*) as rows
    from standing
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

breaks as (
    select
        min(day) filter (
            where
                day - day_before >= $ahead
                and rows_from <= greatest(1, $share * rows_in_all)
                and rows_in_all - rows_from >= $others
        ) as first_ahead,
        max(day) filter (
            where
                day_after - day >= $behind
                and rows_until <= greatest(1, $share * rows_in_all)
                and rows_in_all - rows_until >= $others
        ) as last_behind
    from placed
)

select
    days.day,
    coalesce(days.day >= breaks.first_ahead, false) as is_ahead,
    case
        when days.day >= breaks.first_ahead then (select max(day) from days where day < breaks.first_ahead)
        else (select min(day) from days where day > breaks.last_behind)
    end as nearest
from days
cross join breaks
where days.day >= breaks.first_ahead or days.day <= breaks.last_behind
order by days.day
