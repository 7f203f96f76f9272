-- grain: one row per family that takes hours: where its mix moves the load most (METHODS 4)
-- drift of resource r in month t = |sum over p of (mix(p,t) - mix(p,ref)) a(p,r)| / a(r), a(r) at the reference mix
-- reads: bill, resources, mix, usage, demand_plan
with hours as (
    select
        bill.product_id,
        bill.feature as resource_id,
        sum(bill.quantity) as per_unit
    from bill
    inner join resources on bill.feature = resources.resource_id
    where coalesce(resources.kind, 'machine') in ('labour', 'machine')
    group by all
),

loads as (
    select
        usage.family,
        usage.feature as resource_id,
        usage.completed as month,
        sum(usage.units) as units
    from usage
    inner join resources on usage.feature = resources.resource_id
    where coalesce(resources.kind, 'machine') in ('labour', 'machine')
    group by all
),

totals as (
    select
        family,
        month,
        sum(quantity) as quantity
    from demand_plan
    group by all
    having sum(quantity) > 0
),

factors as (
    select
        mix.family,
        hours.resource_id,
        sum(mix.mix * hours.per_unit::decimal(20, 10))::decimal(28, 10) as factor
    from mix
    inner join hours on mix.product_id = hours.product_id
    group by all
    having factor > 0
),

drifts as (
    select
        factors.family,
        factors.resource_id,
        totals.month,
        (abs(coalesce(loads.units, 0) / totals.quantity - factors.factor) / factors.factor)::decimal(28, 6) as drift
    from factors
    inner join totals on factors.family = totals.family
    left join loads
        on
            factors.family = loads.family
            and factors.resource_id = loads.resource_id
            and totals.month = loads.month
)

select
    family,
    resource_id,
    month,
    drift
from drifts
qualify row_number() over (partition by family order by drift desc, month asc, resource_id asc) = 1
order by family
