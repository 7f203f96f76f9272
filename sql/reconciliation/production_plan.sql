-- grain: one row per product and month: what is made and subcontracted, and the rate a working day
-- The site is the one that makes the month's output; blank where several do (site_schedule has each one's part).
-- reads: site_schedule, production_schedule, working_calendar
with sites as (
    select
        product_id,
        month,
        min(site_id) as site_id,
        count(*) as sites
    from site_schedule
    group by product_id, month
)

select
    production_schedule.product_id,
    production_schedule.family,
    case
        when coalesce(sites.sites, 0) = 0 then production_schedule.site_id when sites.sites = 1 then sites.site_id
    end as site_id,
    production_schedule.month,
    production_schedule.output,
    production_schedule.subcontract,
    case
        when working_calendar.working_days > 0 then round(production_schedule.output / working_calendar.working_days, 6)
    end as output_per_working_day
from production_schedule
left join sites on production_schedule.product_id = sites.product_id and production_schedule.month = sites.month
left join working_calendar on production_schedule.month = working_calendar.month
