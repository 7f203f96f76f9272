-- grain: one row per planned item: what a unit costs because it is made, its material and the regular pay of its hours
-- Of alternatives their mean counts. At most standard cost, so that stock holds no more than it is worth at standard.
-- An item that takes neither material nor paid hours costs what subcontracting it does, else its standard cost.
-- reads: planning_products, planning_features, planning_resources
with paid as (
    select
        planning_features.product_id,
        split_part(coalesce(planning_features.option_group, ''), '/', 1) as option_group,
        case
            when coalesce(planning_features.option_group, '') = ''
                then ''
            when contains(planning_features.option_group, '/')
                then planning_features.option_group
            else planning_features.feature
        end as choice,
        sum(
            case
                when coalesce(planning_resources.kind, 'machine') in ('labour', 'machine')
                    then planning_features.quantity::double * coalesce(planning_resources.regular_rate::double, 0)
                else 0
            end
        ) as pay
    from planning_features
    left join planning_resources on planning_features.feature = planning_resources.resource_id
    group by all
),

by_group as (
    select
        product_id,
        option_group,
        avg(pay) as pay
    from paid
    group by product_id, option_group
),

by_item as (
    select
        product_id,
        sum(pay) as pay
    from by_group
    group by product_id
),

variable as (
    select
        planning_products.product_id,
        planning_products.standard_cost,
        planning_products.subcontract_cost,
        coalesce(planning_products.unit_material_cost::double, 0) + coalesce(by_item.pay, 0) as own
    from planning_products
    left join by_item on planning_products.product_id = by_item.product_id
)

select
    product_id as item_id,
    case
        when own > 0
            then least(own, coalesce(standard_cost::double, own))
        else coalesce(subcontract_cost, standard_cost)
    end::decimal(28, 6) as variable_cost
from variable
