-- grain: one row per month in which the company's data begins or ends, or after it has ended
-- partial month (METHODS 2): more trading days without any row at the edge than any other month shows there, than a
-- weekend and than a public holiday of the past (the longest pause inside the data, a week at most);
-- months without any row after the last are missing data unless the company has had such months before
-- reads: sales, demand_signal, production
-- binds: $cutoff date, $edge_days bigint, $longest_pause bigint, $daily_from bigint
with active_days as (
    select sales.date
    from sales
    inner join demand_signal on sales.product_id = demand_signal.product_id
    where
        demand_signal.signal = 'sales'
        and sales.date < $cutoff
        and coalesce(sales.recorded_on, sales.date) < $cutoff
    union
    select production.date
    from production
    inner join demand_signal on production.product_id = demand_signal.product_id
    where
        demand_signal.signal = 'production'
        and production.date < $cutoff
        and coalesce(production.recorded_on, production.date) < $cutoff
),

span as (
    select
        min(date) as first_day,
        max(date) as last_day
    from active_days
),

calendar_days as (
    select
        first_day,
        last_day,
        unnest(generate_series(date_trunc('month', first_day)::date, ($cutoff::date - 1), interval 1 day))::date as date
    from span
),

every_day as (
    select
        calendar_days.date,
        date_trunc('month', calendar_days.date)::date as month,
        isodow(calendar_days.date) as weekday,
        active_days.date is not null as is_active,
        calendar_days.date between calendar_days.first_day and calendar_days.last_day as is_within
    from calendar_days
    left join active_days on calendar_days.date = active_days.date
),

weekdays as (
    select
        weekday,
        count(*) filter (where is_active) / count(*) as activity
    from every_day
    where is_within
    group by weekday
),

-- days of the week on which the company trades: at least half as often active as its busiest
trading_days as (
    select every_day.*
    from every_day
    inner join weekdays on every_day.weekday = weekdays.weekday
    where weekdays.activity >= 0.5 * (select max(activity) from weekdays)
),

edges as (
    select
        month,
        min(date) filter (where is_active) as first_active,
        max(date) filter (where is_active) as last_active,
        count(*) filter (where is_active) as active
    from every_day
    group by month
),

months as (
    select
        edges.month,
        edges.active,
        count(*) as trading,
        count(*) filter (where trading_days.is_within) as covered,
        count(*) filter (where trading_days.date < edges.first_active) as before_first,
        count(*) filter (where trading_days.date > edges.last_active) as after_last
    from edges
    inner join trading_days on edges.month = trading_days.month
    group by edges.month, edges.active
),

usual as (
    select
        coalesce(max(before_first), 0) as before_first,
        coalesce(max(after_last), 0) as after_last,
        coalesce(min(active), 1) > 0 as is_unbroken
    from months
    cross join span
    where
        month > date_trunc('month', span.first_day)
        and month < date_trunc('month', span.last_day)
),

numbered as (
    select
        is_active,
        row_number() over (order by date) - row_number() over (partition by is_active order by date) as run
    from trading_days
    where is_within
),

pauses as (
    select count(*) as days
    from numbered
    where not is_active
    group by run
),

longest as (
    select least(coalesce(max(days), 0), $longest_pause) as days
    from pauses
),

tolerated as (
    select
        greatest(usual.before_first, $edge_days, longest.days) as before_first,
        greatest(usual.after_last, $edge_days, longest.days) as after_last,
        usual.is_unbroken
    from usual
    cross join longest
),

rhythm as (
    select median(active) >= $daily_from as is_daily
    from months
    where active > 0
)

select
    months.month,
    months.trading,
    months.covered,
    months.covered / months.trading as share,
    case
        when months.active = 0 then 'no_data_after'
        when
            months.month = date_trunc('month', span.last_day)
            and months.after_last > tolerated.after_last
            then 'data_end'
        else 'data_begin'
    end as finding,
    if(finding = 'data_begin', span.first_day, span.last_day) as edge_day
from months
cross join span
cross join tolerated
cross join rhythm
where
    (tolerated.is_unbroken and months.active = 0 and months.month > span.last_day)
    or (
        rhythm.is_daily
        and months.month = date_trunc('month', span.last_day)
        and months.after_last > tolerated.after_last
    )
    or (
        rhythm.is_daily
        and months.month = date_trunc('month', span.first_day)
        and months.before_first > tolerated.before_first
    )
order by months.month
