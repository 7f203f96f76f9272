-- grain: one row per resource and planned month: regular hours there are, or capacity of a month in its own unit
-- a site's own calendar comes first; a shutdown without working days is a month of none
-- reads: demand_plan, calendar, resources, resource_months
-- meant: cross join of resources with planned months: a row for each
with months as (
    select distinct month
    from demand_plan
),

worked as (
    select
        month,
        site_id,
        coalesce(
            working_days, case when lower(coalesce(shutdown, '')) not in ('', '0', 'false', 'no') then 0 end
        ) as working_days
    from calendar
),

days as (
    select
        resources.resource_id,
        months.month,
        coalesce(own.working_days, general.working_days) as working_days
    from resources
    cross join months
    left join worked as own on months.month = own.month and resources.site_id = own.site_id
    left join worked as general on months.month = general.month and general.site_id is null
),

units as (
    select
        resources.resource_id,
        days.month,
        days.working_days,
        coalesce(resources.kind, 'machine') in ('labour', 'machine') as has_hours,
        coalesce(resource_months.capacity, resources.capacity) as capacity,
        coalesce(resource_months.units_down, 0) as units_down,
        coalesce(
            resources.opening_units, case when resources.kind = 'labour' then null else 1 end
        ) as opening_units,
        resources.hours_per_day::decimal(28, 6) * days.working_days as by_day,
        resources.hours_per_month as by_month
    from resources
    inner join days on resources.resource_id = days.resource_id
    left join resource_months
        on
            resources.resource_id = resource_months.resource_id
            and days.month = resource_months.month
),

hours as (
    select
        *,
        coalesce(by_month, by_day)::decimal(20, 6) as hours_a_unit
    from units
)

select
    resource_id,
    month,
    working_days,
    units_down,
    case
        when capacity is not null
            then capacity::decimal(28, 4)
        when has_hours
            then (greatest(opening_units - units_down, 0) * hours_a_unit)::decimal(28, 4)
    end as available
from hours
order by all
