-- grain: one row: how many names and months a table has, how many of them several rows of one file speak of
-- The example is the first name and month that most rows speak of.
-- reads: standing
-- structure: {key: [product_id, date], month: date, recorded: recorded_on}
with counted as (
    select
        {{ month }} as month,
        count(distinct row) as rows
    from standing
    where {{ month }} is not null and {{ recorded }} is null
    group by file, {{ key | join(', ') }}
)

select
    count(*) as places,
    count(*) filter (where rows > 1) as repeated,
    max(rows) as most,
    arg_min(month, row(-rows, month)) as month
from counted
