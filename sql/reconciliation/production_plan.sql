-- grain: one row per product and month: what is made and bought in, and the rate a working day
-- The site is the one that makes the month's output; blank where several do (site_schedule has each one's part).
-- reads: site_schedule, production_schedule, working_calendar
with sites as (
    select product_id, month, min(site_id) as site_id, count(*) as sites
    from site_schedule
    group by product_id, month
)

select
    s.product_id, s.family,
    case when coalesce(m.sites, 0) = 0 then s.site_id when m.sites = 1 then m.site_id end as site_id,
    s.month, s.output, s.subcontract,
    case when c.working_days > 0 then round(s.output / c.working_days, 6) end as output_per_working_day
from production_schedule as s
left join sites as m on s.product_id = m.product_id and s.month = m.month
left join working_calendar as c on s.month = c.month
