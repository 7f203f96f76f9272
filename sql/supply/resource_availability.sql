-- grain: one row per resource and planned month: regular hours there are, or capacity of a month in its own unit
with months as (
    select distinct month from demand_plan
),

days as (
    select
        r.resource_id,
        m.month,
        coalesce(own.working_days, general.working_days) as working_days
    from resources as r
    cross join months as m
    left join calendar as own on m.month = own.month and r.site_id = own.site_id
    left join calendar as general on m.month = general.month and general.site_id is null
)

select
    r.resource_id,
    d.month,
    d.working_days,
    coalesce(m.units_down, 0) as units_down,
    case
        when coalesce(m.capacity, r.capacity) is not null then cast(coalesce(m.capacity, r.capacity) as decimal(28, 4))
        when coalesce(r.kind, 'machine') in ('labour', 'machine')
            then cast(
                greatest(
                    coalesce(r.opening_units, case when r.kind = 'labour' then null else 1 end)
                    - coalesce(m.units_down, 0),
                    0
                ) * coalesce(r.hours_per_month, r.hours_per_day * d.working_days) as decimal(28, 4)
            )
    end as available
from resources as r
inner join days as d on r.resource_id = d.resource_id
left join resource_months as m on r.resource_id = m.resource_id and d.month = m.month
order by all
