-- grain: one row per figure whose quantiles are out of order, or whose share is none
-- reads: plan_robustness, plan_robustness_months
with figures as (
    select
        strategy,
        scenario,
        months::varchar as place,
        measure,
        p10,
        p50,
        p90
    from plan_robustness
    union all
    select
        strategy,
        scenario,
        family || ', ' || month as place,
        'inventory' as measure,
        inventory_p10::decimal(24, 6) as p10,
        inventory_p50::decimal(24, 6) as p50,
        inventory_p90::decimal(24, 6) as p90
    from plan_robustness_months
    union all
    select
        strategy,
        scenario,
        family || ', ' || month as place,
        'service' as measure,
        service_p10 as p10,
        service_p50 as p50,
        service_p90 as p90
    from plan_robustness_months
)

select
    strategy,
    scenario,
    place,
    measure,
    p10,
    p50,
    p90
from figures
where
    not (p10 <= p50 and p50 <= p90)
    or (measure = 'service' and not (p10 >= 0 and p90 <= 1))
    or (measure = 'inventory' and p10 < 0)
order by all
