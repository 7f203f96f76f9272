-- grain: one row per resource and planned month: regular hours there are, or capacity of a month in its own unit
-- a site's own calendar comes first; a shutdown without working days is a month of none
-- reads: demand_plan, calendar, resources, resource_months
-- meant: cross join of resources with planned months: a row for each
with months as (
    select distinct month from demand_plan
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
        r.resource_id,
        m.month,
        coalesce(own.working_days, general.working_days) as working_days
    from resources as r
    cross join months as m
    left join worked as own on m.month = own.month and r.site_id = own.site_id
    left join worked as general on m.month = general.month and general.site_id is null
),

units as (
    select
        r.resource_id,
        d.month,
        d.working_days,
        coalesce(r.kind, 'machine') in ('labour', 'machine') as has_hours,
        coalesce(m.capacity, r.capacity) as capacity,
        coalesce(m.units_down, 0) as units_down,
        coalesce(r.opening_units, case when r.kind = 'labour' then null else 1 end) as opening_units,
        cast(r.hours_per_day as decimal(28, 6)) * d.working_days as by_day,
        r.hours_per_month as by_month
    from resources as r
    inner join days as d on r.resource_id = d.resource_id
    left join resource_months as m on r.resource_id = m.resource_id and d.month = m.month
),

hours as (
    select
        *,
        cast(coalesce(by_month, by_day) as decimal(20, 6)) as hours_a_unit
    from units
)

select
    resource_id,
    month,
    working_days,
    units_down,
    case
        when capacity is not null then cast(capacity as decimal(28, 4))
        when has_hours then cast(greatest(opening_units - units_down, 0) * hours_a_unit as decimal(28, 4))
    end as available
from hours
order by all
