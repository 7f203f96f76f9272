-- grain: one row per row that an earlier file already has, of files that send earlier files' days again
-- a file does so when at least half of its rows on days both cover stand in the earlier files too
-- the third equal row of a file is in an earlier file only when that has three
-- cells such as the day of the export play no part
-- reads: occurrences
-- structure: {day: date}
with days as (
    select
        {{ day }} as day,
        min(file) as first_file
    from occurrences
    group by {{ day }}
    having min(file) < max(file)
),

shared as (
    select
        occurrences.id,
        occurrences.file,
        occurrences.identity,
        occurrences.file > days.first_file as is_later
    from occurrences
    inner join days on {{ day }} is not distinct from days.day
),

known as (
    select
        id,
        file,
        is_later,
        min(file) over (partition by identity) < file as is_known
    from shared
),

resent as (
    select file
    from known
    where is_later
    group by file
    having 2 * count(*) filter (where is_known) >= count(*)
)

select known.id
from known
inner join resent on known.file = resent.file
where known.is_known
