-- grain: one row per product and month: statistical + adjustment = quantity, with its range
-- reads: demand_adjustments, statistical_amounts, forecast, relative_ranges
with adjustments as (
    select
        product_id,
        month,
        sum(change) as adjustment
    from demand_adjustments
    group by product_id, month
),

agreed as (
    select
        amounts.product_id,
        amounts.family,
        amounts.month,
        forecast.lag,
        amounts.statistical,
        coalesce(adjustments.adjustment, 0)::decimal(28, 4) as adjustment,
        (amounts.statistical + coalesce(adjustments.adjustment, 0))::decimal(28, 4) as quantity,
        forecast.p10,
        forecast.p50,
        forecast.p90
    from statistical_amounts as amounts
    inner join forecast
        on
            forecast.chosen
            and forecast.level = 'product'
            and amounts.product_id = forecast.item_id
            and amounts.month = forecast.month
    left join adjustments on amounts.product_id = adjustments.product_id and amounts.month = adjustments.month
),

ranged as (
    select
        agreed.*,
        quantity::double * (1 + if(quantity <= 2 * statistical, ranges.own_p10, ranges.family_p10)) as scaled_p10,
        quantity::double * (1 + if(quantity <= 2 * statistical, ranges.own_p50, ranges.family_p50)) as scaled_p50,
        quantity::double * (1 + if(quantity <= 2 * statistical, ranges.own_p90, ranges.family_p90)) as scaled_p90
    from agreed
    inner join relative_ranges as ranges
        on agreed.product_id = ranges.product_id and agreed.month = ranges.month
)

select
    product_id,
    family,
    month,
    lag,
    statistical,
    adjustment,
    quantity,
    if(adjustment = 0, p10, coalesce(greatest(scaled_p10, 0), quantity))::decimal(28, 4) as p10,
    if(adjustment = 0, p50, coalesce(greatest(scaled_p50, 0), quantity))::decimal(28, 4) as p50,
    if(adjustment = 0, p90, coalesce(greatest(scaled_p90, 0), quantity))::decimal(28, 4) as p90
from ranged
order by product_id, month
