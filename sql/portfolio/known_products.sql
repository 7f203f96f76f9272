-- grain: one row per product, of the product list and of the launches on the way
-- a launch that is not in the product list yet takes its name and family from its like product
-- reads: new_products, products
-- binds: $input_deadline date, $default_family varchar
with launches as (
    select *
    from new_products
    where coalesce(recorded_on < $input_deadline, true)
),

predecessors as (
    select
        successor_id as product_id,
        min(product_id) as predecessor_id
    from products
    where successor_id is not null and successor_id <> product_id
    group by successor_id
),

names as (
    select
        product_id,
        product_name,
        family,
        launched_on,
        discontinued_on,
        case when successor_id <> product_id then successor_id end as successor_id
    from products
    union all
    select
        launches.product_id,
        launches.product_id as product_name,
        like_product.family,
        null as launched_on,
        null as discontinued_on,
        null as successor_id
    from launches
    left join products as like_product on launches.like_product_id = like_product.product_id
    where launches.product_id not in (select product_id from products)
)

select
    names.product_id,
    names.product_name,
    coalesce(names.family, $default_family) as family,
    names.launched_on,
    names.discontinued_on,
    names.successor_id,
    predecessors.predecessor_id,
    launches.product_id is not null as is_launch,
    launches.launch_month,
    launches.stage,
    launches.probability,
    launches.like_product_id,
    launches.scale_pct,
    launches.ramp_months,
    launches.cannibalises,
    launches.cannibalisation_pct
from names
left join launches on names.product_id = launches.product_id
left join predecessors on names.product_id = predecessors.product_id
order by names.product_id
