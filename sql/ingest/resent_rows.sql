-- grain: one row per row that an earlier file already has, of files that send earlier files' days again
-- a file does so when at least half of its rows on days both cover stand in the earlier files too; cells that nothing
-- maps to, such as the day of the export, play no part
-- reads: standing
-- structure: {cells: [date, product_id, quantity], day: date}
with days as (
    select
        {{ day }} as day,
        min(file) as first_file
    from standing
    group by {{ day }}
    having min(file) < max(file)
),

shared as (
    select
        standing.id,
        standing.file,
        standing.digest,
        {% for name in cells %}
        standing.{{ name }},
        {% endfor %}
        standing.file > days.first_file as is_later
    from standing
    inner join days on {{ day }} is not distinct from days.day
),

candidates as (
    select digest
    from shared
    group by digest
    having min(file) < max(file)
),

known as (
    select
        shared.id,
        shared.file,
        min(shared.file) over (
            partition by shared.{{ cells | join(', shared.') }}
        ) < shared.file as is_known
    from shared
    inner join candidates on shared.digest = candidates.digest
),

resent as (
    select shared.file
    from shared
    left join known on shared.id = known.id
    where shared.is_later
    group by shared.file
    having 2 * count(*) filter (where known.is_known) >= count(*)
)

select known.id
from known
inner join resent on known.file = resent.file
where known.is_known
