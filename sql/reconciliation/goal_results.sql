-- grain: one row per goal, strategy and scenario: what the plan reaches over its months, and by how much it misses
-- Flows are summed, stock is the mean of the month ends, cash the lowest of them; growth compares revenue with as many
-- months before the plan. Service is that of the whole plan. Null where a month is not known, or no such measure is.
-- reads: goals, plan_money, plan_summary, actuals
-- meant: every goal, of which there are few, with the months before the plan that it compares with
-- meant: every goal with the months that it is measured over
with places as (
    select
        *,
        row_number() over (partition by strategy, scenario order by month) as place
    from plan_money
),

past as (
    select
        month,
        sum(revenue) as revenue,
        row_number() over (order by month desc) as months_back
    from actuals
    group by month
),

before as (
    select
        goals.goal,
        case when count(past.revenue) = goals.months then sum(past.revenue) end as revenue
    from goals
    left join past on goals.months >= past.months_back
    group by goals.goal, goals.months
),

reached as (
    select
        goals.*,
        places.strategy,
        places.scenario,
        bool_or(places.chosen) as chosen,
        {% for column in ['revenue', 'gross_margin', 'contribution', 'operating_result'] %}
        case
            when count(places.{{ column }}) = count(*) then sum(places.{{ column }})::decimal(28, 2)
        end as {{ column }},
        {% endfor %}
        case when count(places.inventory_value) = count(*) then avg(places.inventory_value) end as inventory_value,
        case when count(places.cash) = count(*) then min(places.cash) end as lowest_cash
    from goals
    inner join places on goals.months >= places.place
    group by all
),

measured as (
    select
        reached.*,
        case reached.measure
            when 'revenue' then reached.revenue::double
            when 'gross_margin' then reached.gross_margin::double
            when 'contribution' then reached.contribution::double
            when 'operating_result' then reached.operating_result::double
            when 'inventory_value' then reached.inventory_value::double
            when 'lowest_cash' then reached.lowest_cash::double
            when 'gross_margin_share' then reached.gross_margin::double / nullif(reached.revenue, 0)
            when 'growth' then reached.revenue::double / nullif(before.revenue, 0) - 1
            when 'service' then plan_summary.service::double
        end as reached_value
    from reached
    left join before on reached.goal = before.goal
    left join plan_summary
        on reached.strategy = plan_summary.strategy and reached.scenario = plan_summary.scenario
),

judged as (
    select
        *,
        round(reached_value, 6)::decimal(28, 6) as value,
        round(
            greatest(
                coalesce(at_least - reached_value, 0),
                coalesce(reached_value - at_most, 0),
                0
            ),
            6
        )::decimal(28, 6) as missed_by
    from measured
)

select
    goal,
    measure,
    months,
    at_least,
    at_most,
    strategy,
    scenario,
    chosen,
    value,
    if(value is null, null, missed_by) as missed_by,
    if(value is null, null, missed_by = 0) as met
from judged
