-- grain: one row per product on its way out and month: the share of its demand that is left
-- the month of the last day counts by its calendar days
-- reads: succession, statistical_amounts
select
    amounts.product_id,
    amounts.month,
    amounts.statistical,
    succession.last_day,
    succession.successor_id,
    succession.takes_over and amounts.month >= succession.takes_over_from as is_taken_over,
    case
        when succession.last_day >= last_day(amounts.month) then 1
        when succession.last_day < amounts.month then 0
        else day(succession.last_day) / day(last_day(amounts.month))
    end as remaining
from succession
inner join statistical_amounts as amounts on succession.product_id = amounts.product_id
order by amounts.product_id, amounts.month
