-- grain: one row per product launched or phased out, and planned month: a launch from its first month of sale
-- A blank probability is a launch that is certain.
-- reads: product_lifecycle, sales_plan, inventory_plan
with moving as (
    select
        product_id,
        product_name,
        family,
        stage,
        launch_month,
        case when status = 'phase_out' then 'phase_out' else 'launch' end as kind,
        case when status <> 'phase_out' then probability end as probability,
        case
            when status <> 'phase_out' and cannibalises is not null then coalesce(cannibalisation_pct, 0) else 0
        end as taken_pct
    from product_lifecycle
    where status in ('launching', 'phase_out') or (status = 'new' and launch_month is not null)
)

select
    moving.product_id,
    moving.product_name,
    moving.family,
    moving.kind,
    moving.stage,
    moving.probability,
    sales_plan.month,
    sales_plan.sales as units,
    round(sales_plan.demand::decimal(28, 4) * moving.taken_pct / 100, 4) as cannibalised,
    sales_plan.revenue,
    round(sales_plan.revenue::decimal(28, 2) * coalesce(moving.probability, 1), 2) as expected_revenue,
    inventory_plan.inventory
from moving
inner join sales_plan on moving.product_id = sales_plan.product_id
left join inventory_plan on moving.product_id = inventory_plan.product_id and sales_plan.month = inventory_plan.month
where moving.kind = 'phase_out' or moving.launch_month is null or sales_plan.month >= moving.launch_month
