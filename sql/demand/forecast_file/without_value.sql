-- grain: one row per series and period before its first value or after its last that the file has without a value
-- reads: file_rows = rows
-- binds: $months_per_period bigint
with spans as (
    select
        unique_id,
        min(period) as first,
        max(period) as last
    from file_rows
    where y is not null
    group by unique_id
)

select
    file_rows.unique_id,
    make_date(
        (file_rows.period * $months_per_period) // 12, ((file_rows.period * $months_per_period) % 12 + 1)::bigint, 1
    ) as month
from file_rows
inner join spans on file_rows.unique_id = spans.unique_id
where file_rows.period < spans.first or file_rows.period > spans.last
order by file_rows.unique_id, file_rows.period
