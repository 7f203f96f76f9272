-- grain: one row per resource and month whose hours are not those of the schedule's products
-- compared to a hundredth of an hour, where every product takes the resource without alternatives and set-ups
-- reads: planned_features, production_schedule, schedule_load
with plain as (
    select feature
    from planned_features
    group by feature
    having bool_and(coalesce(option_group, '') = '') and sum(coalesce(setup, 0)) = 0
),

taken as (
    select
        planned_features.feature,
        (production_schedule.month - to_months(coalesce(planned_features.lead_months, 0)::integer))::date as month,
        sum(production_schedule.output::double * planned_features.quantity::double) as hours
    from production_schedule
    inner join planned_features on production_schedule.product_id = planned_features.product_id
    inner join plain on planned_features.feature = plain.feature
    group by all
)

select
    schedule_load.resource_id,
    schedule_load.month,
    schedule_load.by_products,
    taken.hours
from schedule_load
left join plain on schedule_load.resource_id = plain.feature
left join taken on schedule_load.resource_id = taken.feature and schedule_load.month = taken.month
where
    (plain.feature is not null and abs(schedule_load.by_products - coalesce(taken.hours, 0)) > 0.01)
    or schedule_load.difference <> schedule_load.by_products - schedule_load.planned
order by all
