-- grain: one row per feature and planned month (METHODS 4)
-- bottom-up R(f,t) = sum over p and l of Q(p,t+l) u(p,f,l); top-down the family's demand times its reference mix
-- storage is left out: what is stored follows from the plan's stock, not from demand
-- reads: demand_plan, resources, materials, bill, usage, mix, availability = resource_availability
-- meant: cross join of features with planned months: a row for each
with months as (
    select distinct month
    from demand_plan
),

kinds as (
    select
        resource_id as feature,
        coalesce(kind, 'machine') as kind,
        unit,
        regular_rate as unit_cost
    from resources
    union all
    select
        material_id as feature,
        'material' as kind,
        null as unit,
        unit_cost
    from materials
    where material_id not in (select resource_id from resources)
),

by_product as (
    select
        feature,
        (completed - to_months(lead_months::integer))::date as month,
        sum(units) as units
    from usage
    group by all
),

family_demand as (
    select
        family,
        month,
        sum(quantity) as quantity
    from demand_plan
    group by all
),

factors as (
    select
        mix.family,
        bill.feature,
        bill.lead_months,
        sum(mix.mix * bill.quantity::decimal(20, 10))::decimal(28, 10) as factor
    from mix
    inner join bill on mix.product_id = bill.product_id
    group by all
),

features as (
    select
        bill.feature,
        coalesce(any_value(kinds.kind), 'option') as kind,
        any_value(coalesce(kinds.unit, case when kinds.kind in ('labour', 'machine') then 'hour' end)) as unit,
        any_value(coalesce(materials.unit_cost, kinds.unit_cost)) as unit_cost
    from bill
    left join kinds on bill.feature = kinds.feature
    left join materials on bill.feature = materials.material_id
    group by bill.feature
    having coalesce(any_value(kinds.kind), 'option') <> 'storage'
),

by_family as (
    select
        factors.feature,
        (family_demand.month - to_months(factors.lead_months::integer))::date as month,
        sum(family_demand.quantity::decimal(28, 4) * factors.factor) as units
    from family_demand
    inner join factors on family_demand.family = factors.family
    group by all
),

joined as (
    select
        features.feature,
        features.kind,
        features.unit,
        months.month,
        features.unit_cost,
        round(coalesce(by_product.units, 0), 4)::decimal(28, 4) as requirement,
        round(coalesce(by_family.units, 0), 4)::decimal(28, 4) as top_down
    from features
    cross join months
    left join by_product on features.feature = by_product.feature and months.month = by_product.month
    left join by_family on features.feature = by_family.feature and months.month = by_family.month
)

select
    joined.feature,
    joined.kind,
    joined.unit,
    joined.month,
    joined.requirement,
    joined.top_down,
    (abs(joined.requirement - joined.top_down) / nullif(joined.top_down, 0))::decimal(28, 6) as mix_drift,
    availability.available,
    round(joined.requirement::decimal(28, 4) * joined.unit_cost, 2)::decimal(28, 2) as cost
from joined
left join availability on joined.feature = availability.resource_id and joined.month = availability.month
order by joined.feature, joined.month
