-- grain: one row per thing to tell of external forecasts in this plan, with how many items and months it concerns
-- reads: external_accuracy, laid_over, figures_used, spread_figures, forecast, named_figures, product_lifecycle
-- binds: $set_model varchar, $cycle_month date, $last_month date, $statistical varchar
with used as (
    select *
    from external_accuracy
    where used
),

-- a figure above the products that reaches none of them
left_out as (
    select
        figures.level,
        figures.item_id,
        count(*) as months
    from figures_used as figures
    inner join laid_over as laid
        on figures.level = laid.level and figures.item_id = laid.item_id and figures.month = laid.month
    where
        figures.is_plan
        and figures.level <> 'product'
        and abs(laid.mean - figures.mean) > greatest(0.01, figures.mean / 10000)
    group by figures.level, figures.item_id
),

months as (
    select
        statistical.item_id as product_id,
        statistical.month,
        spread.mean is not null as is_reached
    from forecast as statistical
    inner join product_lifecycle as lifecycle on statistical.item_id = lifecycle.product_id
    left join spread_figures as spread
        on
            spread.origin = $cycle_month
            and statistical.item_id = spread.product_id
            and statistical.month = spread.month
    where
        statistical.level = 'product'
        and statistical.approach = $statistical
        and lifecycle.status in ('active', 'new', 'phase_out')
),

products as (
    select
        product_id,
        count(*) filter (where not is_reached) as missed
    from months
    group by product_id
),

of_all as (
    select
        count(*) filter (where not is_reached) as missed,
        count(*) as every
    from months
),

ranges as (
    select distinct
        laid.level,
        laid.item_id
    from laid_over as laid
    inner join used on laid.level = used.level and laid.item_id = used.item_id
    where laid.range_from = 'statistical'
),

told as (
    select
        if(outcome = 'as_given', 'external_set', 'external_earned') as note,
        1 as position,
        string_agg(distinct model, ', ' order by model) as models,
        count(*) as items,
        null::bigint as cases,
        null::bigint as least_cases,
        list(item_id order by level, item_id) as names
    from used
    group by outcome
    union all
    select
        'external_none' as note,
        1 as position,
        $set_model as models,
        null as items,
        null as cases,
        null as least_cases,
        null as names
    where $set_model is not null and (select count(*) from used) = 0
    union all
    select
        'external_rest' as note,
        2 as position,
        null as models,
        count(*) filter (where products.missed > 0) as items,
        of_all.missed as cases,
        of_all.every as least_cases,
        list(products.product_id order by products.product_id) filter (where products.missed > 0) as names
    from products
    cross join of_all
    where of_all.missed > 0 and (select count(*) from used) > 0
    group by of_all.missed, of_all.every
    union all
    select
        'external_old' as note,
        3 as position,
        string_agg(distinct model, ', ' order by model) as models,
        count(*) as items,
        null as cases,
        null as least_cases,
        list(item_id order by level, item_id) as names
    from used
    where made_in < $cycle_month
    having count(*) > 0
    union all
    select
        'external_left_out' as note,
        4 as position,
        null as models,
        count(*) as items,
        sum(months)::bigint as cases,
        null as least_cases,
        list(item_id order by level, item_id) as names
    from left_out
    having count(*) > 0
    union all
    select
        'external_ranges' as note,
        5 as position,
        null as models,
        count(*) as items,
        null as cases,
        null as least_cases,
        list(item_id order by level, item_id) as names
    from ranges
    having count(*) > 0
    union all
    select
        'external_not_planned' as note,
        6 as position,
        string_agg(distinct model, ', ' order by model) as models,
        count(distinct level || ' ' || item_id) as items,
        null as cases,
        null as least_cases,
        list(distinct item_id order by item_id) as names
    from external_accuracy
    where outcome = 'not_planned'
    having count(*) > 0
    union all
    select
        'external_late' as note,
        7 as position,
        string_agg(distinct model, ', ' order by model) as models,
        count(distinct level || ' ' || item_id) as items,
        count(*) as cases,
        null as least_cases,
        list(distinct item_id order by item_id) as names
    from named_figures
    where cycle <= $cycle_month and recorded_on >= (cycle + interval 9 day)::date
    having count(*) > 0
    union all
    select
        'external_beyond' as note,
        8 as position,
        string_agg(distinct figures.model, ', ' order by figures.model) as models,
        null as items,
        count(*) as cases,
        null as least_cases,
        null as names
    from figures_used as figures
    where figures.is_plan and figures.month > $last_month
    having count(*) > 0
)

select
    note,
    models,
    items,
    cases,
    least_cases,
    list_aggregate(names[1:5], 'string_agg', ', ') as names
from told
order by position, note, models
