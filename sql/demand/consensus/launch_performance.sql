-- grain: one row per launch of the past: what it has sold against what its like product's history let expect
-- held between a quarter and four times, because a month or two prove little
-- reads: launches, demand_history
with
sold as materialized (
    select
        launches.product_id,
        launches.like_heir_id,
        own.month,
        own.cleansed,
        launches.scale
        * least((date_diff('month', launches.launch_month, own.month) + 1) / launches.ramp_months, 1) as share
    from launches
    inner join demand_history as own
        on launches.product_id = own.product_id and launches.launch_month <= own.month
    where launches.status = 'new'
),

compared as (
    select
        sold.product_id,
        sold.cleansed,
        (like_product.cleansed::double * sold.share)::decimal(28, 4) as expected
    from sold
    inner join demand_history as like_product
        on sold.like_heir_id = like_product.product_id and sold.month = like_product.month
)

select
    product_id,
    sum(cleansed)::double / count(*) as observed,
    least(
        greatest(coalesce(sum(cleansed)::double / nullif(sum(expected), 0)::double, 1), 0.25),
        4
    ) as performance
from compared
group by product_id
order by product_id
