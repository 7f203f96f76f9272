-- grain: one row: output a working day, in common units, of the best month of those there are from $first_month on
-- what the company has shown it can make in a month; a month without working days shows no rate
-- reads: output = production, common_units, working_calendar
-- binds: $first_month date, $cutoff date
with monthly as (
    select
        date_trunc('month', output.date)::date as month,
        sum(output.quantity::decimal(28, 4) * coalesce(common_units.common_units, 1)::decimal(28, 6)) as units
    from output
    left join common_units on output.product_id = common_units.product_id
    where output.date >= $first_month and output.date < $cutoff
    group by all
),

rates as (
    select
        monthly.month as best_month,
        (monthly.units / nullif(working_calendar.working_days, 0))::decimal(28, 6) as rate,
        count(*) over () as months
    from monthly
    inner join working_calendar on monthly.month = working_calendar.month
)

select
    best_month,
    rate,
    months
from rates
where rate is not null
order by rate desc, best_month asc
limit 1
