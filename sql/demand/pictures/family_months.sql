-- grain: one row per family with a total and month, past and planned: what was asked for, and the forecast in use
-- with its range, and what was asked for a year before
-- reads: demand_history, demand_units, forecast
-- binds: $first_month date
with past as (
    select
        history.family,
        history.month,
        sum(weighed(history.quantity, units.family_equivalent)) as quantity
    from demand_history as history
    inner join demand_units as units on history.product_id = units.product_id
    where units.family_equivalent is not null
    group by history.family, history.month
),

ahead as (
    select
        item_id as family,
        month,
        mean,
        p10,
        p90
    from forecast
    where chosen and level = 'family'
),

months as (
    select
        family,
        month
    from past
    union
    select
        family,
        month
    from ahead
)

select
    months.family,
    months.month,
    now.quantity::double as actual,
    ahead.mean::double as mean,
    ahead.p10::double as p10,
    ahead.p90::double as p90,
    if(ahead.mean is null, null, last_year.quantity)::double as last_year
from months
left join past as now on months.family = now.family and months.month = now.month
left join ahead on months.family = ahead.family and months.month = ahead.month
left join past as last_year
    on months.family = last_year.family and last_year.month = (months.month - interval 1 year)::date
where months.month >= $first_month::date
order by months.family, months.month
