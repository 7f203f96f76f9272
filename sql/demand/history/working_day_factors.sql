-- grain: one row per month, past and planned: its working days against the average of the history
-- reads: working_calendar, demand_history
with usual as (
    select sum(working_days)::double / count(*) as working_days
    from working_calendar
    where working_days > 0 and month in (select month from demand_history)
)

select
    calendar.month,
    calendar.working_days::double / usual.working_days as factor
from working_calendar as calendar
cross join usual
where calendar.working_days > 0
order by calendar.month
