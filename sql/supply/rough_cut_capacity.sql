-- grain: one row per method, resource with hours and planned month (METHODS 4)
-- overall_factors: all hours of the month, split as the reference volumes split them; bill_of_resources: each product's
-- own hours in the month of completion; resource_profile: the same, in the month the hours fall in
-- reads: demand_plan, resources, bill, mix, usage, availability = resource_availability
-- meant: cross join of monthly hours with the resources that share them
-- meant: cross join of resources with planned months: a row for each
with months as (
    select distinct month from demand_plan
),

machines as (
    select resource_id from resources where coalesce(kind, 'machine') in ('labour', 'machine')
),

hours as (
    select b.product_id, b.feature as resource_id, b.lead_months, b.quantity as per_unit
    from bill as b
    inner join machines as r on b.feature = r.resource_id
),

volume_hours as (
    select h.resource_id, sum(m.units * cast(h.per_unit as decimal(20, 10))) as hours
    from mix as m
    inner join hours as h on m.product_id = h.product_id
    group by all
),

shares as (
    select resource_id, cast(hours / nullif(sum(hours) over (), 0) as decimal(18, 12)) as share
    from volume_hours
),

profile as (
    select
        u.feature as resource_id,
        cast(u.completed - to_months(cast(u.lead_months as integer)) as date) as month,
        u.completed,
        sum(u.units) as units
    from usage as u
    inner join machines as r on u.feature = r.resource_id
    group by all
),

loads as (
    select 'resource_profile' as method, resource_id, month, sum(units) as units from profile group by all
    union all
    select 'bill_of_resources' as method, resource_id, completed as month, sum(units) as units from profile group by all
    union all
    select 'overall_factors' as method, s.resource_id, p.completed as month, sum(cast(p.units as decimal(24, 10)) * s.share) as units
    from profile as p
    cross join shares as s
    group by all
),

methods as (
    select unnest(['overall_factors', 'bill_of_resources', 'resource_profile']) as method
),

used as (
    select distinct resource_id from hours
),

filled as (
    select
        x.method,
        u.resource_id,
        m.month,
        cast(round(coalesce(l.units, 0), 4) as decimal(28, 4)) as load
    from methods as x
    cross join used as u
    cross join months as m
    left join loads as l on x.method = l.method and u.resource_id = l.resource_id and m.month = l.month
)

select
    f.method,
    f.resource_id,
    f.month,
    f.load,
    a.available,
    cast(f.load / nullif(a.available, 0) as decimal(18, 6)) as utilisation
from filled as f
left join availability as a on f.resource_id = a.resource_id and f.month = a.month
order by f.method, f.resource_id, f.month
