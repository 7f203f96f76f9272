-- grain: one row per product launched or phased out, and planned month: a launch from its first month of sale
-- A blank probability is a launch that is certain.
-- reads: product_lifecycle, sales_plan, inventory_plan
with moving as (
    select
        product_id, product_name, family, stage, launch_month,
        case when status = 'phase_out' then 'phase_out' else 'launch' end as kind,
        case when status <> 'phase_out' then probability end as probability,
        case when status <> 'phase_out' and cannibalises is not null then coalesce(cannibalisation_pct, 0) else 0 end
            as taken_pct
    from product_lifecycle
    where status in ('launching', 'phase_out') or (status = 'new' and launch_month is not null)
)

select
    m.product_id, m.product_name, m.family, m.kind, m.stage, m.probability, s.month,
    s.sales as units,
    round(cast(s.demand as decimal(28, 4)) * m.taken_pct / 100, 4) as cannibalised,
    s.revenue,
    round(cast(s.revenue as decimal(28, 2)) * coalesce(m.probability, 1), 2) as expected_revenue,
    i.inventory
from moving as m
inner join sales_plan as s on m.product_id = s.product_id
left join inventory_plan as i on m.product_id = i.product_id and s.month = i.month
where m.kind = 'phase_out' or m.launch_month is null or s.month >= m.launch_month
