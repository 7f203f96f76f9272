-- grain: one row per launch and planned month: the like product's profile, scaled and ramped (METHODS 6)
-- a like product that is no longer forecast lends the last twelve months it sold in; probability is not applied
-- reads: demand_history, product_lifecycle, launches, statistical_amounts, launch_performance
with last_year as (
    select
        history.product_id,
        month(history.month) as calendar_month,
        history.quantity
    from demand_history as history
    inner join product_lifecycle as lifecycle on history.product_id = lifecycle.product_id
    where history.month between lifecycle.last_month - interval 11 month and lifecycle.last_month
),

averages as (
    select
        product_id,
        sum(quantity)::double / count(*) as quantity
    from last_year
    group by product_id
),

profiles as (
    select
        launches.product_id,
        forecast.month,
        if(
            like_product.status = 'ended' and launches.like_heir_id = launches.like_product_id,
            coalesce(last_year.quantity::double, averages.quantity),
            forecast.statistical::double
        ) as profile
    from launches
    inner join statistical_amounts as forecast on launches.like_heir_id = forecast.product_id
    inner join product_lifecycle as like_product on launches.like_product_id = like_product.product_id
    left join last_year
        on
            launches.like_product_id = last_year.product_id
            and month(forecast.month) = last_year.calendar_month
    left join averages on launches.like_product_id = averages.product_id
)

select
    launches.product_id,
    profiles.month,
    case
        when profiles.month < launches.first_month then 0
        else
            profiles.profile
            * launches.scale
            * least((date_diff('month', launches.first_month, profiles.month) + 1) / launches.ramp_months, 1)
            * coalesce(performance.performance, 1)
    end::decimal(28, 4) as volume,
    coalesce(performance.observed, 0) as observed,
    launches.cannibalises,
    launches.cannibalised_share,
    launches.first_month,
    launches.like_product_id,
    launches.scale,
    performance.performance as sold_share
from launches
inner join profiles on launches.product_id = profiles.product_id
left join launch_performance as performance on launches.product_id = performance.product_id
order by launches.product_id, profiles.month
