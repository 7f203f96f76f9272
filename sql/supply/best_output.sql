-- grain: one row: output a working day, in common units, of the best 12 consecutive months (all of them when fewer)
-- reads: output = production, common_units, working_calendar
-- binds: $cutoff date
with monthly as (
    select
        date_trunc('month', output.date)::date as month,
        sum(output.quantity::decimal(28, 4) * coalesce(common_units.common_units, 1)::decimal(18, 6)) as units
    from output
    left join common_units on output.product_id = common_units.product_id
    where output.date < $cutoff
    group by all
),

span as (
    select
        min(month) as first_month,
        max(month) as last_month
    from monthly
),

calendar as (
    select
        working_calendar.month,
        working_calendar.working_days,
        coalesce(monthly.units, 0) as units
    from working_calendar
    cross join span
    left join monthly on working_calendar.month = monthly.month
    where working_calendar.month between span.first_month and span.last_month
),

windows as (
    select
        month,
        sum(units) over year as units,
        sum(working_days) over year as days,
        count(*) over year as months
    from calendar
    window year as (order by month rows between 11 preceding and current row)
),

full_windows as (
    select
        month,
        (units / nullif(days, 0))::decimal(28, 6) as rate,
        months
    from windows
    qualify months = max(months) over ()
)

select
    month as last_month,
    rate,
    months
from full_windows
where rate is not null
order by rate desc, month asc
limit 1
