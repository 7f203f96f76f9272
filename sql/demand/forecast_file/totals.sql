-- grain: one row per series that is, in each of its periods, the sum of the others beside it
-- beside it are all series, or those of its group; three periods of two others at least
-- reads: file_rows = rows
-- structure: {among: [group_1]}
with beside as (
    select
        unique_id,
        y,
        sum(y) over alike - y as others,
        count(*) over alike as series
    from file_rows
    where y is not null
    window alike as (
        partition by
            {% for group in among %}
            {{ group }},
            {% endfor %}
            period
    )
)

select
    unique_id,
    min(series) - 1 as others
from beside
group by unique_id
having
    count(*) filter (where y != 0) >= 3
    and min(series) > 2
    and bool_and(abs(y - others) <= 1e-6 * greatest(1, abs(y)))
order by unique_id
