-- grain: one row per option and month: money of its plan, with what the relief costs, less that of the chosen plan
-- effect = contribution of the one - contribution of the other
-- reads: plan_money, limit_option_months
-- binds: $scenario varchar
with as_it_stands as (
    select *
    from plan_money
    where scenario = $scenario
),

with_option as (
    select *
    from plan_money
    where scenario <> $scenario
)

select
    with_option.strategy,
    with_option.scenario,
    with_option.month,
    with_option.revenue - as_it_stands.revenue as revenue,
    (with_option.revenue + with_option.stock_change - with_option.contribution)
    - (as_it_stands.revenue + as_it_stands.stock_change - as_it_stands.contribution) as spending,
    with_option.stock_change - as_it_stands.stock_change as stock_change,
    if(limit_option_months.month is null, 0, limit_option_months.relief_cost) as relief_cost,
    with_option.contribution - as_it_stands.contribution as effect,
    (with_option.holding + with_option.backlog + with_option.shortfall)
    - (as_it_stands.holding + as_it_stands.backlog + as_it_stands.shortfall) as notional,
    with_option.inventory_value - as_it_stands.inventory_value as inventory_value,
    with_option.cash_flow - as_it_stands.cash_flow as cash_flow
from with_option
inner join as_it_stands on with_option.month = as_it_stands.month
left join limit_option_months
    on with_option.scenario = limit_option_months.scenario and with_option.month = limit_option_months.month
