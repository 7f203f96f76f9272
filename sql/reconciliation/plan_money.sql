-- grain: one row per strategy, scenario and month: profit and loss, cash, and the balances between them
-- gross margin = revenue - cost at standard (of products with both); contribution = revenue - what the plan spends
-- because of it + change of stock at variable cost; operating result = contribution - fixed cost (METHODS 6).
-- overhead_in_stock is what standard cost puts into stock beyond variable cost; spending_over_standard is what is
-- spent beyond what standard cost charges: gross margin - overhead in stock - spending over standard = operating
-- result. cash = receipts - purchases paid - pay, hiring, layoffs, set-ups - fixed cost; purchases are material as it
-- arrives and subcontracting. Each balance is the one before plus what comes in less what goes out.
-- reads: strategy_flows, strategy_spending, past_flows
-- binds: $fixed_cost decimal, $receipt_lag bigint, $payment_lag bigint, $opening_cash decimal
-- binds: $opening_receivables decimal, $opening_payables decimal
with flows as (
    select
        strategy_flows.*,
        strategy_spending.* exclude (strategy, scenario, month),
        row_number() over plan_months - 1 as place,
        strategy_spending.material + strategy_spending.material_change + strategy_spending.subcontracting as purchases,
        strategy_spending.regular_pay
        + strategy_spending.overtime
        + strategy_spending.temporary
        + strategy_spending.hiring
        + strategy_spending.layoff
        + strategy_spending.setup
        + strategy_spending.rate_change as paid_at_once
    from strategy_flows
    inner join strategy_spending
        on
            strategy_flows.strategy = strategy_spending.strategy
            and strategy_flows.scenario = strategy_spending.scenario
            and strategy_flows.month = strategy_spending.month
    window
        plan_months as (partition by strategy_flows.strategy, strategy_flows.scenario order by strategy_flows.month)
),

at_start as (
    select
        coalesce(
            $opening_receivables,
            (select sum(revenue) from past_flows where months_back <= $receipt_lag),
            0
        )::decimal(28, 2) as receivables,
        coalesce(
            $opening_payables,
            (select sum(purchases) from past_flows where months_back <= $payment_lag),
            0
        )::decimal(28, 2) as payables
),

settled as (
    select
        flows.*,
        at_start.receivables as opening_receivables,
        at_start.payables as opening_payables,
        coalesce(lag(flows.revenue, $receipt_lag) over plan_months, 0)
        + if(
            $opening_receivables is null,
            coalesce(owing.revenue, 0),
            due_of_opening($opening_receivables, flows.place, $receipt_lag)
        ) as receipts,
        coalesce(lag(flows.purchases, $payment_lag) over plan_months, 0)
        + if(
            $opening_payables is null,
            coalesce(owed.purchases, 0),
            due_of_opening($opening_payables, flows.place, $payment_lag)
        ) as purchases_paid
    from flows
    cross join at_start
    left join past_flows as owing on owing.months_back = $receipt_lag - flows.place
    left join past_flows as owed on owed.months_back = $payment_lag - flows.place
    window plan_months as (partition by flows.strategy, flows.scenario order by flows.month)
),

judged as (
    select
        *,
        revenue - material - subcontracting - paid_at_once + stock_change as contribution,
        inventory_change - stock_change as overhead_in_stock,
        if(revenue is null, null, receipts) - purchases_paid - paid_at_once - $fixed_cost as cash_flow
    from settled
)

select
    strategy,
    scenario,
    month,
    is_chosen as chosen,
    revenue,
    cogs,
    gross_margin,
    material,
    regular_pay,
    overtime,
    temporary,
    hiring,
    layoff,
    subcontracting,
    setup,
    rate_change,
    stock_change,
    contribution,
    $fixed_cost as fixed_cost,
    contribution - $fixed_cost as operating_result,
    overhead_in_stock,
    gross_margin - overhead_in_stock - (contribution - $fixed_cost) as spending_over_standard,
    holding,
    backlog,
    lost_sales,
    shortfall,
    inventory_value,
    material_stock,
    material_change,
    purchases,
    if(revenue is null, null, receipts) as receipts,
    purchases_paid,
    cash_flow,
    sum(cash_flow) over plan_months as cash_change,
    $opening_cash + sum(cash_flow) over plan_months as cash,
    opening_receivables + sum(revenue - receipts) over plan_months as receivables,
    opening_payables + sum(purchases - purchases_paid) over plan_months as payables
from judged
window plan_months as (partition by strategy, scenario order by month rows unbounded preceding)
