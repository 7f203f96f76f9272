-- grain: one row per product and month: how far its quantiles lie from its mean, relative to the mean
-- its own; of its family and of the company, products' distances added up, for numbers that owe little to the forecast
with
distances as (
    select
        forecast.item_id as product_id,
        lifecycle.family,
        forecast.month,
        forecast.mean,
        forecast.p10 - forecast.mean as to_p10,
        forecast.p50 - forecast.mean as to_p50,
        forecast.p90 - forecast.mean as to_p90
    from forecast
    inner join product_lifecycle as lifecycle on forecast.item_id = lifecycle.product_id
    where forecast.chosen and forecast.level = 'product'
),

wider as (
    select
        product_id,
        month,
        mean,
        to_p10,
        to_p50,
        to_p90,
        sum(mean) over of_family as family_mean,
        sum(to_p10) over of_family as family_p10,
        sum(to_p50) over of_family as family_p50,
        sum(to_p90) over of_family as family_p90,
        sum(mean) over of_company as company_mean,
        sum(to_p10) over of_company as company_p10,
        sum(to_p50) over of_company as company_p50,
        sum(to_p90) over of_company as company_p90
    from distances
    window
        of_family as (partition by family, month),
        of_company as (partition by month)
)

select
    product_id,
    month,
    to_p10::double / nullif(mean, 0)::double as own_p10,
    to_p50::double / nullif(mean, 0)::double as own_p50,
    to_p90::double / nullif(mean, 0)::double as own_p90,
    coalesce(family_p10::double / nullif(family_mean, 0)::double, company_p10::double / nullif(company_mean, 0)::double)
        as family_p10,
    coalesce(family_p50::double / nullif(family_mean, 0)::double, company_p50::double / nullif(company_mean, 0)::double)
        as family_p50,
    coalesce(family_p90::double / nullif(family_mean, 0)::double, company_p90::double / nullif(company_mean, 0)::double)
        as family_p90
from wider
order by product_id, month
