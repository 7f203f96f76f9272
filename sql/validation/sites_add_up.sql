-- grain: one row per product and month whose sites do not add up to its output
-- reads: site_schedule, production_schedule
with sites as (
    select
        product_id,
        month,
        sum(output) as output
    from site_schedule
    group by all
)

select
    coalesce(production_schedule.product_id, sites.product_id) as product_id,
    coalesce(production_schedule.month, sites.month) as month,
    production_schedule.output,
    sites.output as output_of_sites
from production_schedule
full join sites on production_schedule.product_id = sites.product_id and production_schedule.month = sites.month
where coalesce(production_schedule.output, 0) <> coalesce(sites.output, 0)
order by all
