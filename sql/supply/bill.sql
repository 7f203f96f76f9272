-- grain: one row per product, feature and lead: what one unit takes, alternatives of an option group in equal parts
-- reads: product_features
with named as (
    select
        product_id,
        feature,
        coalesce(lead_months, 0) as lead_months,
        quantity,
        case when option_group <> '' then split_part(option_group, '/', 1) end as option_group,
        coalesce(nullif(split_part(option_group, '/', 2), ''), feature) as choice
    from product_features
),

choices as (
    select
        product_id,
        option_group,
        count(distinct choice) as alternatives
    from named
    where option_group is not null
    group by all
)

select
    named.product_id,
    named.feature,
    named.lead_months,
    sum((named.quantity / coalesce(choices.alternatives, 1))::decimal(28, 10)) as quantity
from named
left join choices on named.product_id = choices.product_id and named.option_group = choices.option_group
group by all
order by all
