-- grain: one row per site, and one without a site for the company, and planned month: working days and shutdown
-- A site's own row of the calendar comes first, then that of every site.
-- reads: resources, site_schedule, planning_demand, planning_calendar
-- meant: cross join of sites with planned months: a row for each
with sites as (
    select site_id from resources
    union
    select site_id from site_schedule
    union
    select null as site_id
),

months as (
    select distinct month
    from planning_demand
)

select
    sites.site_id,
    months.month,
    coalesce(own.working_days, general.working_days) as working_days,
    coalesce(own.shutdown, general.shutdown) as shutdown
from sites
cross join months
left join planning_calendar as own on months.month = own.month and sites.site_id = own.site_id
left join planning_calendar as general on months.month = general.month and general.site_id is null
