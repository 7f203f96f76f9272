-- grain: one row per family and month: profit and loss lines, what customers owe, what suppliers are owed, cash
-- receivables(t) = revenue of the last receipt lag months; payables(t) = purchases of the last payment lag months.
-- Cash of a planned month is the company's (plan_money): revenue(t - receipt lag) - purchases(t - payment lag) of the
-- family itself, and its share of the rest (pay, fixed cost, stock of material, opening balances), shared by the
-- month's revenue to the cent. What was paid in the past is in no table, so past months have no cash.
-- Null while the lag reaches back before the history.
-- reads: family_flows, plan_money, actuals
-- binds: $receipt_lag bigint, $payment_lag bigint, $first_month date
with weighted as (
    select
        *,
        case
            when sum(greatest(coalesce(revenue, 0), 0)) over (partition by month) > 0
                then greatest(coalesce(revenue, 0), 0)
            else 1
        end as weight
    from family_flows
),

added_up as (
    select
        *,
        row_number() over history as position,
        sum(coalesce(revenue, 0)) over history as revenue_to_date,
        sum(coalesce(purchases, 0)) over history as purchases_to_date,
        count_if(revenue is null) over history as revenue_unknown,
        count_if(purchases is null) over history as purchases_unknown,
        sum(weight) over so_far / sum(weight) over (partition by month) as share_to_here,
        (sum(weight) over so_far - weight) / sum(weight) over (partition by month) as share_before
    from weighted
    window
        history as (partition by family order by month rows unbounded preceding),
        so_far as (partition by month order by family rows unbounded preceding)
),

owed as (
    select
        family,
        month,
        basis,
        units,
        revenue,
        cogs,
        margin,
        inventory_value,
        share_to_here,
        share_before,
        case
            when position >= $receipt_lag and revenue_unknown = lag(revenue_unknown, $receipt_lag, 0) over history
                then revenue_to_date - lag(revenue_to_date, $receipt_lag, 0) over history
        end as receivables,
        case
            when
                position >= $payment_lag
                and purchases_unknown = lag(purchases_unknown, $payment_lag, 0) over history
                then purchases_to_date - lag(purchases_to_date, $payment_lag, 0) over history
        end as payables,
        coalesce(lag(revenue, $receipt_lag) over history, 0)
        - coalesce(lag(purchases, $payment_lag) over history, 0) as cash_flow
    from added_up
    window history as (partition by family order by month)
),

company as (
    select
        owed.month,
        plan_money.receivables - sum(coalesce(owed.receivables, 0)) as receivables,
        plan_money.payables - sum(coalesce(owed.payables, 0)) as payables,
        plan_money.cash_flow - sum(owed.cash_flow) as cash_flow
    from owed
    inner join plan_money on owed.month = plan_money.month
    where plan_money.chosen
    group by owed.month, plan_money.receivables, plan_money.payables, plan_money.cash_flow
),

settled as (
    select
        owed.family,
        owed.month,
        owed.basis,
        owed.units,
        owed.revenue,
        owed.cogs,
        owed.margin,
        {% for balance in ['receivables', 'payables', 'cash_flow'] %}
        case
            when owed.basis = 'plan'
                then
                    coalesce(owed.{{ balance }}, 0)
                    + round(company.{{ balance }} * owed.share_to_here, 2)::decimal(28, 2)
                    - round(company.{{ balance }} * owed.share_before, 2)::decimal(28, 2)
            else owed.{{ balance }}
        end as {{ balance }},
        {% endfor %}
        owed.inventory_value
    from owed
    left join company on owed.month = company.month
)

select
    family,
    month,
    case
        when basis = 'actual' and month in (select actuals.month from actuals where actuals.sales_estimated > 0)
            then 'partial'
        else basis
    end as basis,
    units,
    revenue,
    cogs,
    margin,
    inventory_value,
    receivables,
    payables,
    inventory_value + receivables - payables as working_capital,
    case when basis = 'plan' then cash_flow end as cash_flow
from settled
where month >= $first_month
