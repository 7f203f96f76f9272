-- grain: one row per model, level and item, with where its range comes from in the plan, the weakest of its months
-- reads: external_accuracy, laid_over
with ranges as (
    select
        level,
        item_id,
        max(range_from) as range_from
    from laid_over
    group by level, item_id
)

select
    accuracy.model,
    accuracy.level,
    accuracy.item_id,
    accuracy.outcome,
    accuracy.used,
    accuracy.made_in,
    accuracy.months_ahead,
    if(accuracy.used, ranges.range_from, null) as range_from,
    accuracy.n,
    accuracy.months,
    accuracy.wmape,
    accuracy.bias,
    accuracy.statistical_wmape,
    accuracy.value_added,
    accuracy.standard_errors,
    accuracy.unit_of_measure
from external_accuracy as accuracy
left join ranges on accuracy.level = ranges.level and accuracy.item_id = ranges.item_id
order by accuracy.model, accuracy.level, accuracy.item_id
