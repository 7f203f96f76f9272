-- grain: one row per resource and month whose hours are not those of the schedule's products
-- compared where every product takes the resource without alternatives and without set-ups, and to a hundredth of an hour
-- reads: planned_features, production_schedule, schedule_load
with plain as (
    select feature
    from planned_features
    group by feature
    having bool_and(coalesce(option_group, '') = '') and sum(coalesce(setup, 0)) = 0
),

taken as (
    select
        f.feature,
        cast(s.month - to_months(cast(coalesce(f.lead_months, 0) as integer)) as date) as month,
        sum(cast(s.output as double) * cast(f.quantity as double)) as hours
    from production_schedule as s
    inner join planned_features as f on s.product_id = f.product_id
    inner join plain as p on f.feature = p.feature
    group by all
)

select
    l.resource_id,
    l.month,
    l.by_products,
    t.hours
from schedule_load as l
left join plain as p on l.resource_id = p.feature
left join taken as t on l.resource_id = t.feature and l.month = t.month
where (p.feature is not null and abs(l.by_products - coalesce(t.hours, 0)) > 0.01)
    or l.difference <> l.by_products - l.planned
order by all
