-- grain: one row per month, material and commitment: what is taken, by site, and what has to be ordered
-- A requirement is shared by what the sites' output takes of the material, counted from where the sites before end, so
-- that the parts add up. What no site's output of the month explains stands without a site.
-- reads: material_plan, site_schedule, planned_features
with usage as (
    select
        planned_features.feature as material_id,
        site_schedule.site_id,
        (site_schedule.month - to_months(coalesce(planned_features.lead_months, 0)::integer))::date as month,
        sum(site_schedule.output::decimal(28, 4) * planned_features.quantity) as weight
    from site_schedule
    inner join planned_features on site_schedule.product_id = planned_features.product_id
    where site_schedule.output > 0 and planned_features.feature in (select material_id from material_plan)
    group by all
),

shared as (
    select
        material_plan.month,
        material_plan.material_id,
        material_plan.unit,
        material_plan.supply_limit,
        usage.site_id,
        material_plan.requirement,
        coalesce(sum(usage.weight) over so_far / sum(usage.weight) over whole, 1) as share_to_here,
        coalesce((sum(usage.weight) over so_far - usage.weight) / sum(usage.weight) over whole, 0) as share_before,
        count(*) over whole as sites
    from material_plan
    left join usage on material_plan.material_id = usage.material_id and material_plan.month = usage.month
    window
        whole as (partition by material_plan.material_id, material_plan.month),
        so_far as (
            partition by material_plan.material_id, material_plan.month
            order by usage.site_id nulls first
            rows unbounded preceding
        )
),

commitments as (
    select
        month,
        site_id,
        'take' as commitment,
        material_id,
        unit,
        (round(requirement * share_to_here, 4) - round(requirement * share_before, 4))::decimal(28, 4) as quantity,
        if(sites = 1, supply_limit, null) as available,
        null::date as due_on
    from shared
    union all
    select
        month,
        null as site_id,
        'order' as commitment,
        material_id,
        unit,
        order_quantity as quantity,
        supply_limit as available,
        order_by as due_on
    from material_plan
)

select
    month,
    'purchasing' as department,
    site_id,
    commitment,
    'material' as item_kind,
    material_id as item,
    'units' as allots,
    quantity,
    coalesce(unit, 'units') as unit,
    available,
    due_on,
    null as note,
    false as detail
from commitments
where quantity <> 0
