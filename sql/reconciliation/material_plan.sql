-- grain: one row per material and planned month: requirement, orders with their last day, arrivals, stock
-- A material that is a resource alone has its requirement and limit. What is on order arrives in the first month.
-- reads: material_orders, used_resources, materials
with taken as (
    select
        resource_id as material_id,
        month,
        unit,
        regular_hours as requirement,
        available
    from used_resources
    where kind = 'material'
),

placed as (
    select
        coalesce(material_orders.material_id, taken.material_id) as material_id,
        coalesce(material_orders.month, taken.month) as month,
        taken.unit,
        coalesce(material_orders.requirement, taken.requirement) as requirement,
        coalesce(material_orders.receipt, 0) as order_quantity,
        material_orders.order_by,
        material_orders.needed_on,
        coalesce(material_orders.late, false) as late,
        material_orders.stock,
        least(taken.available, materials.max_receipt) as supply_limit,
        material_orders.cost as order_value,
        materials.on_order,
        materials.unit_cost
    from material_orders
    full join taken on material_orders.material_id = taken.material_id and material_orders.month = taken.month
    left join materials on coalesce(material_orders.material_id, taken.material_id) = materials.material_id
)

select
    material_id,
    unit,
    month,
    requirement,
    order_quantity,
    order_by,
    needed_on,
    late,
    case
        when month = min(month) over (partition by material_id) then coalesce(on_order, 0) else 0
    end as on_order,
    stock,
    supply_limit,
    order_value,
    round(stock::decimal(28, 4) * unit_cost, 2)::decimal(28, 2) as stock_value
from placed
