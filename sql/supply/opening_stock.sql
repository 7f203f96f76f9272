-- grain: one row per product counted before the cut-off: each site's newest count, added up
-- reads: inventory
-- binds: $cutoff date
with newest as (
    select
        product_id,
        coalesce(site_id, '') as site_id,
        max(date) as date
    from inventory
    where date < $cutoff
    group by all
)

select
    inventory.product_id,
    sum(inventory.on_hand) as on_hand,
    sum(coalesce(inventory.backlog, 0)) as backlog,
    max(inventory.date) as counted_on
from inventory
inner join newest
    on
        inventory.product_id = newest.product_id
        and coalesce(inventory.site_id, '') = newest.site_id
        and inventory.date = newest.date
group by all
order by all
