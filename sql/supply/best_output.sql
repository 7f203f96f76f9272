-- grain: one row: output a working day, in common units, of the best 12 consecutive months (all of them when fewer)
-- reads: output = production, products, working_calendar
-- binds: $cutoff date
with monthly as (
    select
        cast(date_trunc('month', p.date) as date) as month,
        sum(cast(p.quantity as decimal(28, 4)) * cast(coalesce(e.equivalent_units, 1) as decimal(18, 6))) as units
    from output as p
    left join products as e on p.product_id = e.product_id
    where p.date < $cutoff
    group by all
),

span as (
    select min(month) as first_month, max(month) as last_month from monthly
),

calendar as (
    select
        c.month,
        c.working_days,
        coalesce(m.units, 0) as units
    from working_calendar as c
    cross join span as s
    left join monthly as m on c.month = m.month
    where c.month between s.first_month and s.last_month
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
        cast(units / nullif(days, 0) as decimal(28, 6)) as rate,
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
