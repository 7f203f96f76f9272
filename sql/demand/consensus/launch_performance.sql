-- grain: one row per launch of the past: what it has sold against what its like product's history let expect
-- held between a quarter and four times, because a month or two prove little
select
    launches.product_id,
    sum(own.cleansed)::double / count(*) as observed,
    least(
        greatest(
            coalesce(
                sum(own.cleansed)::double
                / nullif(
                    sum(
                        (
                            like_product.cleansed::double
                            * launches.scale
                            * least(
                                (date_diff('month', launches.launch_month, own.month) + 1) / launches.ramp_months, 1
                            )
                        )::decimal(18, 4)
                    ),
                    0
                )::double,
                1
            ),
            0.25
        ),
        4
    ) as performance
from launches
inner join demand_history as own on launches.product_id = own.product_id and launches.launch_month <= own.month
inner join demand_history as like_product
    on launches.like_heir_id = like_product.product_id and own.month = like_product.month
where launches.status = 'new'
group by launches.product_id
order by launches.product_id
