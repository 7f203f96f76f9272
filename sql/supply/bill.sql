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
    select product_id, option_group, count(distinct choice) as alternatives
    from named
    where option_group is not null
    group by all
)

select
    n.product_id,
    n.feature,
    n.lead_months,
    sum(cast(n.quantity / coalesce(c.alternatives, 1) as decimal(28, 10))) as quantity
from named as n
left join choices as c on n.product_id = c.product_id and n.option_group = c.option_group
group by all
order by all
