-- grain: one row per product counted before the cut-off: each site's newest count, added up
-- reads: inventory
-- binds: $cutoff date
with newest as (
    select product_id, coalesce(site_id, '') as site_id, max(date) as date
    from inventory
    where date < $cutoff
    group by all
)

select
    i.product_id,
    sum(i.on_hand) as on_hand,
    sum(coalesce(i.backlog, 0)) as backlog,
    max(i.date) as counted_on
from inventory as i
inner join newest as n
    on i.product_id = n.product_id and coalesce(i.site_id, '') = n.site_id and i.date = n.date
group by all
order by all
