-- grain: one row per model, level and item that it forecasts: how good it was, and whether the plan uses it
-- The model that is set is used as it stands. Otherwise one is used where, over at least `fewest_months` months that
-- have come, its errors were smaller by more than one standard error of the difference; of several the one that would
-- have made most better.
-- reads: named_figures, figures_then, past_errors
-- binds: $set_model varchar, $fewest_months bigint, $last_month date
with items as (
    select
        model,
        level,
        item_id,
        any_value(unit_of_measure) as unit_of_measure,
        bool_or(is_planned) as is_planned
    from named_figures
    group by model, level, item_id
),

ahead as (
    select
        model,
        level,
        item_id,
        max(made_in) as made_in,
        count(*) as months_ahead
    from figures_then
    where is_plan and month <= $last_month
    group by model, level, item_id
),

judged as (
    select
        items.*,
        ahead.made_in,
        coalesce(ahead.months_ahead, 0) as months_ahead,
        coalesce(errors.n, 0) as n,
        coalesce(errors.months, 0) as months,
        errors.wmape,
        errors.bias,
        errors.statistical_wmape,
        errors.statistical_wmape - errors.wmape as value_added,
        errors.gain / nullif(errors.standard_error, 0) as standard_errors,
        case
            when not items.is_planned then 'not_planned'
            when ahead.months_ahead is null then 'nothing_ahead'
            when items.model = $set_model then 'as_given'
            when coalesce(errors.months, 0) < $fewest_months then 'too_few'
            when errors.gain > errors.standard_error then 'earned'
            else 'no_better'
        end as outcome
    from items
    left join ahead using (model, level, item_id)
    left join past_errors as errors using (model, level, item_id)
),

ranked as (
    select
        *,
        row_number() over (
            partition by level, item_id, outcome = 'earned' order by value_added desc nulls last, model asc
        ) as place
    from judged
),

settled as (
    select
        * exclude (outcome, place),
        case
            when outcome = 'earned' and $set_model is not null then 'another_is_set'
            when outcome = 'earned' and place > 1 then 'another_is_better'
            else outcome
        end as outcome
    from ranked
)

select
    model,
    level,
    item_id,
    outcome,
    outcome in ('as_given', 'earned') as used,
    made_in,
    months_ahead,
    n,
    months,
    wmape,
    bias,
    statistical_wmape,
    value_added,
    standard_errors,
    unit_of_measure
from settled
order by model, level, item_id
