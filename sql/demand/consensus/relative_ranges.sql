-- grain: one row per product and month: how far its quantiles lie from its mean, relative to the mean
-- its own; of its family and of the company, products' distances added up, for numbers that owe little to the forecast
-- reads: forecast, demand_units
with distances as (
    select
        forecast.item_id as product_id,
        units.family,
        forecast.month,
        forecast.mean,
        forecast.p10 - forecast.mean as to_p10,
        forecast.p50 - forecast.mean as to_p50,
        forecast.p90 - forecast.mean as to_p90,
        units.family_equivalent,
        units.company_equivalent
    from forecast
    inner join demand_units as units on forecast.item_id = units.product_id
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
        sum(mean * family_equivalent) over of_family as family_mean,
        sum(to_p10 * family_equivalent) over of_family as family_p10,
        sum(to_p50 * family_equivalent) over of_family as family_p50,
        sum(to_p90 * family_equivalent) over of_family as family_p90,
        sum(mean * company_equivalent) over of_company as company_mean,
        sum(to_p10 * company_equivalent) over of_company as company_p10,
        sum(to_p50 * company_equivalent) over of_company as company_p50,
        sum(to_p90 * company_equivalent) over of_company as company_p90
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
