-- grain: one row per resource, material or product, and planned month whose cost differs from the company's own figure
-- A row of cost_changes holds from its month on, until the next of the same subject; each is against today's figure.
-- reads: cost_changes, demand_plan, resources, materials, products
-- meant: cross join of changes with planned months: each holds from its month on
with months as (
    select distinct month
    from demand_plan
),

changes as (
    select
        case
            when cost_changes.resource_id is not null
                then 'resource'
            when cost_changes.material_id is not null
                then 'material'
            else 'product'
        end as kind,
        coalesce(cost_changes.resource_id, cost_changes.material_id, cost_changes.product_id) as subject,
        cost_changes.month_from,
        coalesce(
            cost_changes.change_pct,
            round(
                (
                    cost_changes.replace_rate::double
                    / nullif(
                        coalesce(resources.regular_rate, materials.unit_cost, products.unit_material_cost)::double, 0
                    )
                    - 1
                ) * 100,
                6
            )::decimal(28, 6)
        ) as change_pct
    from cost_changes
    left join resources on cost_changes.resource_id = resources.resource_id
    left join materials on cost_changes.material_id = materials.material_id
    left join products on cost_changes.product_id = products.product_id
),

in_force as (
    select
        changes.kind,
        changes.subject,
        months.month,
        arg_max(changes.change_pct, changes.month_from) as change_pct
    from changes
    cross join months
    where changes.month_from <= months.month and changes.subject is not null
    group by changes.kind, changes.subject, months.month
)

select
    kind,
    subject,
    month,
    change_pct
from in_force
where change_pct <> 0
