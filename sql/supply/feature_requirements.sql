-- grain: one row per feature and planned month (METHODS 4)
-- bottom-up R(f,t) = sum over p and l of Q(p,t+l) u(p,f,l); top-down the family's demand times its reference mix
-- storage is left out: what is stored follows from the plan's stock, not from demand
-- reads: demand_plan, resources, materials, bill, usage, mix, availability = resource_availability
-- meant: cross join of features with planned months: a row for each
with months as (
    select distinct month from demand_plan
),

kinds as (
    select resource_id as feature, coalesce(kind, 'machine') as kind, unit, regular_rate as unit_cost
    from resources
    union all
    select material_id as feature, 'material' as kind, null as unit, unit_cost
    from materials
    where material_id not in (select resource_id from resources)
),

features as (
    select
        b.feature,
        coalesce(any_value(k.kind), 'option') as kind,
        any_value(coalesce(k.unit, case when k.kind in ('labour', 'machine') then 'hour' end)) as unit,
        any_value(coalesce(m.unit_cost, k.unit_cost)) as unit_cost
    from bill as b
    left join kinds as k on b.feature = k.feature
    left join materials as m on b.feature = m.material_id
    group by b.feature
    having coalesce(any_value(k.kind), 'option') <> 'storage'
),

by_product as (
    select
        feature,
        cast(completed - to_months(cast(lead_months as integer)) as date) as month,
        sum(units) as units
    from usage
    group by all
),

family_demand as (
    select family, month, sum(quantity) as quantity from demand_plan group by all
),

factors as (
    select x.family, b.feature, b.lead_months, cast(sum(x.mix * cast(b.quantity as decimal(20, 10))) as decimal(28, 10)) as factor
    from mix as x
    inner join bill as b on x.product_id = b.product_id
    group by all
),

by_family as (
    select
        f.feature,
        cast(d.month - to_months(cast(f.lead_months as integer)) as date) as month,
        sum(cast(d.quantity as decimal(28, 4)) * f.factor) as units
    from family_demand as d
    inner join factors as f on d.family = f.family
    group by all
),

joined as (
    select
        f.feature,
        f.kind,
        f.unit,
        m.month,
        f.unit_cost,
        cast(round(coalesce(p.units, 0), 4) as decimal(28, 4)) as requirement,
        cast(round(coalesce(t.units, 0), 4) as decimal(28, 4)) as top_down
    from features as f
    cross join months as m
    left join by_product as p on f.feature = p.feature and m.month = p.month
    left join by_family as t on f.feature = t.feature and m.month = t.month
)

select
    j.feature,
    j.kind,
    j.unit,
    j.month,
    j.requirement,
    j.top_down,
    cast(abs(j.requirement - j.top_down) / nullif(j.top_down, 0) as decimal(18, 6)) as mix_drift,
    a.available,
    cast(round(cast(j.requirement as decimal(28, 4)) * j.unit_cost, 2) as decimal(18, 2)) as cost
from joined as j
left join availability as a on j.feature = a.resource_id and j.month = a.month
order by j.feature, j.month
