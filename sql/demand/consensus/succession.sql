-- grain: one row per product on its way out, with its last day and who takes over
-- without a last day of its own a product leaves when its successor comes; a successor that has a launch plan of its
-- own takes its volume from that plan, any other takes over what the product would have sold
-- reads: product_lifecycle
-- binds: $cycle_month date
select
    leaving.product_id,
    coalesce(leaving.discontinued_on, (successor.launch_month - interval 1 day)::date) as last_day,
    successor.product_id as successor_id,
    coalesce(successor.launch_month, $cycle_month) as takes_over_from,
    successor.product_id is not null
    and successor.status in ('active', 'new', 'launching')
    and coalesce(
        successor.stage, successor.probability::varchar, successor.scale_pct::varchar, successor.ramp_months::varchar
    ) is null as takes_over
from product_lifecycle as leaving
left join product_lifecycle as successor on leaving.successor_id = successor.product_id
where
    leaving.status = 'phase_out'
    and (leaving.discontinued_on is not null or (successor.status = 'launching' and successor.launch_month is not null))
order by leaving.product_id
