-- grain: one row per entry of a stream and planned month, as far as it was handed in by the deadline
-- precedence: portfolio, sales, marketing, finance, customers, then any other by name
-- reads: demand_inputs, statistical_amounts
-- binds: $input_deadline date
-- meant: range join of entries with the months of the plan: an entry counts in each that it covers
with known as (
    select
        lower(trim(stream)) as stream,
        case when product_id is not null then 3 when family is not null then 2 else 1 end as level_no,
        coalesce(product_id, family, '') as item_id,
        month_from,
        coalesce(month_to, month_from) as month_to,
        coalesce(change_units, 0) as change_units,
        coalesce(change_pct, 0) as change_pct,
        replace_units,
        reason,
        owner,
        cell,
        recorded_on
    from demand_inputs
    where
        coalesce(recorded_on < $input_deadline, true)
        and (change_units is not null or change_pct is not null or replace_units is not null)
),

months as (
    select distinct month
    from statistical_amounts
)

select
    known.* exclude (month_from, month_to),
    months.month
from known
inner join months on months.month between known.month_from and known.month_to
order by all
