-- grain: one row per row of a plan that plans a day of its family which an earlier row has planned
-- A month is its own days: ``covers`` of 0.
-- reads: plan_rows
with spans as (
    select
        id,
        file,
        row,
        family,
        month,
        case when covers = 0 then last_day(month) else month + covers::integer - 1 end as until
    from plan_rows
),

before as (
    select
        *,
        max(until) over (
            partition by family
            order by month, id
            rows between unbounded preceding and 1 preceding
        ) as planned_until
    from spans
)

select
    file,
    row,
    family,
    month
from before
where month <= planned_until
order by id
