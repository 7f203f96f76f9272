-- grain: one row per method, resource with hours and planned month (METHODS 4)
-- overall_factors: all hours of the month, split as the reference volumes split them; bill_of_resources: each product's
-- own hours in the month of completion; resource_profile: the same, in the month the hours fall in
-- reads: demand_plan, resources, bill, mix, usage, availability = resource_availability
-- meant: cross join of monthly hours with the resources that share them
-- meant: cross join of resources with planned months: a row for each
with months as (
    select distinct month
    from demand_plan
),

machines as (
    select resource_id
    from resources
    where coalesce(kind, 'machine') in ('labour', 'machine')
),

methods as (
    select unnest(['overall_factors', 'bill_of_resources', 'resource_profile']) as method
),

hours as (
    select
        bill.product_id,
        bill.feature as resource_id,
        bill.lead_months,
        bill.quantity as per_unit
    from bill
    inner join machines on bill.feature = machines.resource_id
),

volume_hours as (
    select
        hours.resource_id,
        sum(mix.units * hours.per_unit::decimal(20, 10)) as hours
    from mix
    inner join hours on mix.product_id = hours.product_id
    group by all
),

shares as (
    select
        resource_id,
        (hours / nullif(sum(hours) over (), 0))::decimal(28, 12) as share
    from volume_hours
),

profile as (
    select
        usage.feature as resource_id,
        (usage.completed - to_months(usage.lead_months::integer))::date as month,
        usage.completed,
        sum(usage.units) as units
    from usage
    inner join machines on usage.feature = machines.resource_id
    group by all
),

loads as (
    select
        'resource_profile' as method,
        resource_id,
        month,
        sum(units) as units
    from profile
    group by all
    union all
    select
        'bill_of_resources' as method,
        resource_id,
        completed as month,
        sum(units) as units
    from profile
    group by all
    union all
    select
        'overall_factors' as method,
        shares.resource_id,
        profile.completed as month,
        sum(profile.units::decimal(24, 10) * shares.share) as units
    from profile
    cross join shares
    group by all
),

used as (
    select distinct resource_id
    from hours
),

filled as (
    select
        methods.method,
        used.resource_id,
        months.month,
        round(coalesce(loads.units, 0), 4)::decimal(28, 4) as load
    from methods
    cross join used
    cross join months
    left join loads
        on
            methods.method = loads.method
            and used.resource_id = loads.resource_id
            and months.month = loads.month
)

select
    filled.method,
    filled.resource_id,
    filled.month,
    filled.load,
    availability.available,
    (filled.load / nullif(availability.available, 0))::decimal(28, 6) as utilisation
from filled
left join availability on filled.resource_id = availability.resource_id and filled.month = availability.month
order by filled.method, filled.resource_id, filled.month
