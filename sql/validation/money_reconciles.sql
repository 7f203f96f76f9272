-- grain: one row per strategy, scenario and month whose profit and loss, cash and balances do not reconcile to 0.00
-- operating result = cash flow + change of receivables + change of stock - change of payables; the chosen plan's cash,
-- receivables, payables and gross margin are the sums of its families'.
-- reads: plan_money, financial_plan
with families as (
    select
        month,
        true as chosen,
        sum(revenue) as revenue,
        sum(margin) as gross_margin,
        sum(cash_flow) as cash_flow,
        sum(receivables) as receivables,
        sum(payables) as payables
    from financial_plan
    where basis = 'plan'
    group by month
),

changes as (
    select
        plan_money.*,
        receivables - lag(receivables) over plan_months as receivables_change,
        payables - lag(payables) over plan_months as payables_change,
        cash_change - coalesce(lag(cash_change) over plan_months, 0) as change_of_cash
    from plan_money
    window plan_months as (partition by strategy, scenario order by month)
)

select
    changes.strategy,
    changes.scenario,
    changes.month,
    changes.operating_result,
    changes.cash_flow,
    families.cash_flow as families_cash_flow
from changes
left join families on changes.month = families.month and changes.chosen = families.chosen
where
    changes.change_of_cash <> changes.cash_flow
    or changes.cash_flow
    + coalesce(changes.receivables_change, changes.revenue - changes.receipts)
    + changes.stock_change
    + changes.material_change
    - coalesce(changes.payables_change, changes.purchases - changes.purchases_paid) <> changes.operating_result
    or changes.gross_margin - changes.overhead_in_stock - changes.spending_over_standard <> changes.operating_result
    or families.revenue <> changes.revenue
    or families.gross_margin <> changes.gross_margin
    or families.cash_flow <> changes.cash_flow
    or families.receivables <> changes.receivables
    or families.payables <> changes.payables
order by all
