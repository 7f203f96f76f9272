-- grain: one row per family that takes hours: where its mix moves the load most (METHODS 4)
-- drift of resource r in month t = |sum over p of (mix(p,t) - mix(p,ref)) a(p,r)| / a(r), a(r) at the reference mix
-- reads: bill, resources, mix, usage, demand_plan
with hours as (
    select b.product_id, b.feature as resource_id, sum(b.quantity) as per_unit
    from bill as b
    inner join resources as r on b.feature = r.resource_id
    where coalesce(r.kind, 'machine') in ('labour', 'machine')
    group by all
),

factors as (
    select m.family, h.resource_id, cast(sum(m.mix * cast(h.per_unit as decimal(20, 10))) as decimal(28, 10)) as factor
    from mix as m
    inner join hours as h on m.product_id = h.product_id
    group by all
    having factor > 0
),

loads as (
    select u.family, u.feature as resource_id, u.completed as month, sum(u.units) as units
    from usage as u
    inner join resources as r on u.feature = r.resource_id
    where coalesce(r.kind, 'machine') in ('labour', 'machine')
    group by all
),

totals as (
    select family, month, sum(quantity) as quantity from demand_plan group by all having sum(quantity) > 0
),

drifts as (
    select
        f.family,
        f.resource_id,
        t.month,
        cast(abs(coalesce(l.units, 0) / t.quantity - f.factor) / f.factor as decimal(18, 6)) as drift
    from factors as f
    inner join totals as t on f.family = t.family
    left join loads as l on f.family = l.family and f.resource_id = l.resource_id and t.month = l.month
)

select
    family,
    resource_id,
    month,
    drift
from drifts
qualify row_number() over (partition by family order by drift desc, month asc, resource_id asc) = 1
order by family
