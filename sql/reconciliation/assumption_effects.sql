-- grain: one row per assumption: whether the chosen plan's numbers hold it, and what they would change by if they did
-- An assumption that names a driver (price, pay, material), a month and a percentage is measured: what the plan has
-- changed by from that month on, against the month before or the company's own figure, weighed by the plan's volumes.
-- Within a tenth of it, it is in the numbers. One that names a subject is held against that alone: the price of a
-- product or family, the pay of a resource, what is taken of a material or the material of a product.
-- reads: assumptions, sales_plan, planned_prices, plan_costs, planned_costs, aggregate_plan, planning_products
-- reads: material_flows, materials
-- binds: $strategy varchar, $scenario varchar
-- meant: cross join of price assumptions, a handful, with planned prices
-- meant: join of assumptions about pay, a handful, with the months from theirs on
-- meant: join of assumptions about material, a handful, with the months from theirs on
with measured as (
    select
        assumption_id,
        driver,
        subject,
        month_from,
        change_pct
    from assumptions
    where driver is not null and month_from is not null and change_pct is not null and closed_on is null
),

sold as (
    select
        product_id,
        month,
        sales::double as sales,
        unit_price::double as price
    from sales_plan
    where unit_price is not null
),

paid as (
    select
        plan_costs.item,
        plan_costs.month,
        plan_costs.amount::double as amount,
        plan_costs.amount::double / (1 + coalesce(planned_costs.change_pct::double, 0) / 100) as before
    from plan_costs
    left join planned_costs
        on
            plan_costs.item = planned_costs.subject
            and plan_costs.month = planned_costs.month
            and planned_costs.kind = 'resource'
    where
        plan_costs.strategy = $strategy
        and plan_costs.scenario = $scenario
        and plan_costs.kind in ('regular_pay', 'overtime', 'temporary')
),

used as (
    select
        item,
        month,
        amount::double as amount
    from plan_costs
    where strategy = $strategy and scenario = $scenario and kind = 'material'
),

bought as (
    select
        aggregate_plan.item_id as item,
        aggregate_plan.month,
        true as is_product,
        aggregate_plan.output::double * planning_products.unit_material_cost::double as before,
        used.amount
    from aggregate_plan
    inner join planning_products on aggregate_plan.item_id = planning_products.product_id
    left join used on aggregate_plan.item_id = used.item and aggregate_plan.month = used.month
    where aggregate_plan.strategy = $strategy and aggregate_plan.scenario = $scenario
    union all
    select
        material_flows.material_id as item,
        material_flows.month,
        false as is_product,
        material_flows.requirement::double * materials.unit_cost::double as before,
        before * (1 + coalesce(planned_costs.change_pct::double, 0) / 100) as amount
    from material_flows
    inner join materials on material_flows.material_id = materials.material_id
    left join planned_costs
        on
            material_flows.material_id = planned_costs.subject
            and material_flows.month = planned_costs.month
            and planned_costs.kind = 'material'
    where material_flows.strategy = $strategy and material_flows.scenario = $scenario
),

prices_before as (
    select
        measured.assumption_id,
        planned_prices.product_id,
        coalesce(
            arg_max(
                planned_prices.unit_price,
                if(planned_prices.month < measured.month_from, planned_prices.month, null)
            ),
            any_value(planned_prices.list_price)
        )::double as price
    from measured
    cross join planned_prices
    where
        measured.driver = 'price'
        and (measured.subject is null or measured.subject in (planned_prices.product_id, planned_prices.family))
    group by measured.assumption_id, planned_prices.product_id
),

amounts as (
    select
        measured.assumption_id,
        sum(sold.sales * sold.price) as planned,
        sum(sold.sales * prices_before.price) as before,
        1 as sign
    from measured
    inner join prices_before on measured.assumption_id = prices_before.assumption_id
    inner join sold on prices_before.product_id = sold.product_id and measured.month_from <= sold.month
    group by measured.assumption_id
    union all
    select
        measured.assumption_id,
        sum(paid.amount) as planned,
        sum(paid.before) as before,
        -1 as sign
    from measured
    inner join paid
        on
            measured.month_from <= paid.month
            and measured.driver = 'pay'
            and coalesce(measured.subject, paid.item) = paid.item
    group by measured.assumption_id
    union all
    select
        measured.assumption_id,
        sum(bought.amount) as planned,
        sum(bought.before) as before,
        -1 as sign
    from measured
    inner join bought
        on
            measured.month_from <= bought.month
            and measured.driver = 'material'
            and if(measured.subject is null, bought.is_product, measured.subject = bought.item)
    group by measured.assumption_id
),

judged as (
    select
        assumptions.assumption_id,
        amounts.before,
        amounts.sign,
        (amounts.planned / nullif(amounts.before, 0) - 1) * 100 as planned_pct,
        assumptions.change_pct::double as change_pct
    from assumptions
    left join amounts on assumptions.assumption_id = amounts.assumption_id
)

select
    assumption_id,
    case
        when planned_pct is null
            then 'not_measured'
        when abs(change_pct - planned_pct) < greatest(0.05, abs(change_pct) / 10)
            then 'in_numbers'
        else 'not_in_numbers'
    end as status,
    round(planned_pct, 6)::decimal(28, 6) as planned_pct,
    case
        when planned_pct is not null
            then if(
                abs(change_pct - planned_pct) < greatest(0.05, abs(change_pct) / 10),
                0,
                round(sign * (change_pct - planned_pct) / 100 * before, 2)
            )
    end::decimal(28, 2) as effect
from judged
