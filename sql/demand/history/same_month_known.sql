-- grain: one row per product and month ahead: the benchmark, by the rule by which its backtest was made
-- the newest same calendar month known, in the working days of the month ahead; under a season of history the last
-- month's; zero for products that are not forecast
-- reads: forecast_series, working_day_factors, product_lifecycle, demand_units
-- binds: $cycle_month date, $horizon bigint, $season bigint
with known as (
    select
        unique_id as product_id,
        date_diff('month', min(month), $cycle_month::date) < $season as is_short
    from forecast_series
    group by unique_id
),

lags as (
    select unnest(range($horizon::bigint)) as lag
),

ahead as (
    select
        lifecycle.product_id,
        lifecycle.status,
        known.is_short,
        units.unit_of_measure,
        lags.lag,
        ($cycle_month::date + to_months(lags.lag::integer))::date as month,
        if(known.is_short, 1 + lags.lag, $season * (1 + lags.lag // $season)) as months_back
    from product_lifecycle as lifecycle
    cross join lags
    inner join demand_units as units on lifecycle.product_id = units.product_id
    left join known on lifecycle.product_id = known.product_id
)

select
    ahead.product_id as item_id,
    ahead.month,
    ahead.lag::bigint as lag,
    coalesce(series.y::double * coalesce(factors.factor, 1), 0)::decimal(28, 4) as mean,
    if(ahead.is_short is null, ahead.status, 'seasonal naive') as model,
    exists (select 1 from working_day_factors) and ahead.is_short is not null as per_working_day,
    ahead.unit_of_measure
from ahead
left join forecast_series as series
    on
        ahead.product_id = series.unique_id
        and (ahead.month - to_months(ahead.months_back::integer))::date = series.month
left join working_day_factors as factors on ahead.month = factors.month
