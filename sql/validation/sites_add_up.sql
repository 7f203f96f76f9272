-- grain: one row per product and month whose sites do not add up to its output
-- reads: site_schedule, production_schedule
with sites as (
    select product_id, month, sum(output) as output
    from site_schedule
    group by all
)

select
    coalesce(p.product_id, s.product_id) as product_id,
    coalesce(p.month, s.month) as month,
    p.output,
    s.output as output_of_sites
from production_schedule as p
full join sites as s on p.product_id = s.product_id and p.month = s.month
where coalesce(p.output, 0) <> coalesce(s.output, 0)
order by all
