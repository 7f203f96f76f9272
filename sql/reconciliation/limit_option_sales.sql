-- grain: one row per option, planned item whose sales it changes, and month from the first to the last it changes
-- gain = revenue of what is sold more - its variable cost; what else the option changes is what it costs or saves
-- reads: aggregate_plan, planning_demand, planning_products, planning_state, variable_costs
-- binds: $scenario varchar
with sold as (
    select
        aggregate_plan.strategy,
        aggregate_plan.scenario,
        aggregate_plan.item_id,
        aggregate_plan.month,
        aggregate_plan.demand - aggregate_plan.lost_sales - aggregate_plan.backlog
        + coalesce(lag(aggregate_plan.backlog) over item_months, planning_state.opening_backlog, 0) as sales
    from aggregate_plan
    left join planning_state on aggregate_plan.item_id = planning_state.product_id
    window
        item_months as (
            partition by aggregate_plan.strategy, aggregate_plan.scenario, aggregate_plan.item_id
            order by aggregate_plan.month
        )
),

compared as (
    select
        with_option.strategy,
        with_option.scenario,
        with_option.item_id,
        with_option.month,
        as_it_stands.sales as sales_without,
        with_option.sales as sales_with,
        min(
            case when with_option.sales <> as_it_stands.sales then with_option.month end
        ) over item_of_option as first_month,
        max(
            case when with_option.sales <> as_it_stands.sales then with_option.month end
        ) over item_of_option as last_month
    from sold as with_option
    inner join sold as as_it_stands
        on
            with_option.item_id = as_it_stands.item_id
            and with_option.month = as_it_stands.month
            and as_it_stands.scenario = $scenario
    where with_option.scenario <> $scenario
    window item_of_option as (partition by with_option.scenario, with_option.item_id)
)

select
    compared.strategy,
    compared.scenario,
    compared.item_id,
    compared.month,
    compared.sales_without,
    compared.sales_with,
    (
        coalesce(
            round(
                compared.sales_with::decimal(28, 4) * coalesce(planning_demand.price, planning_products.unit_price), 2
            )
            - round(
                compared.sales_without::decimal(28, 4)
                * coalesce(planning_demand.price, planning_products.unit_price),
                2
            ),
            0
        )
        - coalesce(
            round(
                (compared.sales_with - compared.sales_without)::decimal(28, 4) * variable_costs.variable_cost, 2
            ),
            0
        )
    )::decimal(28, 2) as gain
from compared
inner join planning_products on compared.item_id = planning_products.product_id
left join planning_demand
    on compared.item_id = planning_demand.product_id and compared.month = planning_demand.month
left join variable_costs on compared.item_id = variable_costs.item_id
where compared.month between compared.first_month and compared.last_month
