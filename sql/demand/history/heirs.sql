-- grain: one row per product with history: the product that carries its demand now
-- itself, unless it has ended and has a successor; then the last one of the chain (METHODS 3)
-- reads: product_lifecycle
-- binds: $longest_chain bigint
with recursive
steps (product_id, heir_id, depth) as (
    select
        product_id,
        product_id as heir_id,
        0 as depth
    from product_lifecycle
    where first_month is not null
    union all
    select
        steps.product_id,
        lifecycle.successor_id as heir_id,
        steps.depth + 1 as depth
    from steps
    inner join product_lifecycle as lifecycle on steps.heir_id = lifecycle.product_id
    inner join product_lifecycle as successor on lifecycle.successor_id = successor.product_id
    where
        lifecycle.status = 'ended'
        and successor.first_month is not null
        and lifecycle.successor_id <> steps.product_id
        and steps.depth < $longest_chain
)

select
    product_id,
    arg_max(heir_id, depth) as heir_id
from steps
group by product_id
order by product_id
