-- grain: one row per family and month: profit and loss lines, what customers owe, what suppliers are owed, cash
-- receivables(t) = revenue of the last receipt lag months; payables(t) = purchases of the last payment lag months;
-- cash(t) = revenue(t - receipt lag) - purchases(t - payment lag) - conversion(t) - share of fixed cost (METHODS 6).
-- Null while the lag reaches back before the history. Fixed cost is shared by the month's revenue, to the cent.
-- reads: family_flows
-- binds: $fixed_cost decimal, $receipt_lag bigint, $payment_lag bigint, $first_month date
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

shared as (
    select
        * exclude (weight),
        round(
            $fixed_cost * (sum(weight) over so_far) / (sum(weight) over (partition by month)), 2
        )::decimal(18, 2) as fixed_to_here,
        round(
            $fixed_cost * ((sum(weight) over so_far) - weight) / (sum(weight) over (partition by month)), 2
        )::decimal(18, 2) as fixed_before
    from weighted
    window so_far as (partition by month order by family rows unbounded preceding)
),

added_up as (
    select
        *,
        row_number() over history as position,
        sum(coalesce(revenue, 0)) over history as revenue_to_date,
        sum(coalesce(purchases, 0)) over history as purchases_to_date,
        count_if(revenue is null) over history as revenue_unknown,
        count_if(purchases is null) over history as purchases_unknown
    from shared
    window history as (partition by family order by month rows unbounded preceding)
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
        lag(revenue, $receipt_lag) over history
        - lag(purchases, $payment_lag) over history
        - conversion
        - (fixed_to_here - fixed_before) as cash_flow
    from added_up
    window history as (partition by family order by month)
)

select
    family,
    month,
    basis,
    units,
    revenue,
    cogs,
    margin,
    inventory_value,
    receivables,
    payables,
    inventory_value + receivables - payables as working_capital,
    cash_flow
from owed
where month >= $first_month
