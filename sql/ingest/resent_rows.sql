-- one row per row that an earlier file already has, of files that send earlier files' days again
-- a file does so when at least half of its rows on days both cover stand in the earlier files too
with first_seen as (
    select
        id,
        file,
        {{ day }} as day,
        min(file) over (partition by {{ columns | join(', ') }}, extra) as first_file
    from rows
),

days as (
    select day, min(file) as first_file
    from first_seen
    group by day
),

shared as (
    select
        first_seen.id,
        first_seen.file,
        first_seen.first_file < first_seen.file as is_known
    from first_seen
    inner join days on first_seen.day is not distinct from days.day
    where days.first_file < first_seen.file
),

resent as (
    select file
    from shared
    group by file
    having 2 * count(*) filter (where is_known) >= count(*)
)

select shared.id
from shared
inner join resent on shared.file = resent.file
where shared.is_known
