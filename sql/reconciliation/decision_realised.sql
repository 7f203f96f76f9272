-- grain: one row per adopted decision that promised something: the promise and what came of it, over the months that
-- have come
-- Of an item counts what was sold beyond the plan without the option, at most what the option's own plan sold beyond
-- it, as a share of that, times the gain promised of it to date. What the option costs beside is taken as planned: what
-- was paid is in no table. What it saves beside is in no table either, so that a decision which saves is not known.
-- Months that are partly forecast, and those after them, have not come.
-- reads: decision_promises, actuals, production_schedule
-- binds: $cycle_month date
with members as (
    select
        item_id,
        product_id
    from production_schedule
    union
    select
        product_id as item_id,
        product_id
    from actuals
),

come as (
    select distinct month
    from actuals
    where
        month < $cycle_month
        and month < coalesce((select min(month) from actuals where sales_estimated > 0), $cycle_month)
),

to_date as (
    select decision_promises.*
    from decision_promises
    inner join come on decision_promises.month = come.month
),

sold as (
    select
        members.item_id,
        actuals.month,
        sum(actuals.sales) as sales
    from actuals
    inner join members on actuals.product_id = members.product_id
    group by all
),

by_item as (
    select
        to_date.decision_id,
        to_date.item_id,
        sum(to_date.amount) as promised,
        sum(to_date.sales_with - to_date.sales_without) as sales_promised,
        sum(coalesce(sold.sales, 0) - to_date.sales_without) as sales_beyond,
        count(sold.sales) as months_recorded
    from to_date
    left join sold on to_date.item_id = sold.item_id and to_date.month = sold.month
    where to_date.part = 'sales'
    group by all
),

credited as (
    select
        decision_id,
        months_recorded,
        if(
            sales_promised = 0,
            0,
            round(
                promised::double
                * least(greatest(sales_beyond::double / sales_promised::double, 0), 1),
                2
            )
        )::decimal(28, 2) as realised
    from by_item
),

by_sales as (
    select
        decision_id,
        sum(realised) as realised,
        sum(months_recorded) as months_recorded
    from credited
    group by decision_id
),

promised as (
    select
        decision_id,
        max(month) as realised_to,
        sum(amount) as promised_to_date,
        coalesce(sum(amount) filter (where part = 'spending'), 0) as spending,
        count(*) filter (where part = 'whole') as wholes
    from to_date
    group by decision_id
)

select
    decisions.decision_id,
    (select max(month) from come) as realised_to,
    promised.promised_to_date,
    case
        when promised.decision_id is null then 'not_begun'
        when promised.wholes > 0 then 'whole_plan'
        when promised.spending > 0 then 'saving'
        when by_sales.decision_id is not null and by_sales.months_recorded = 0 then 'not_recorded'
    end as unknown,
    (coalesce(by_sales.realised, 0) + promised.spending)::decimal(28, 2) as realised
from (select distinct decision_id from decision_promises) as decisions
left join promised on decisions.decision_id = promised.decision_id
left join by_sales on decisions.decision_id = by_sales.decision_id
