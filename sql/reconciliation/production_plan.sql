-- grain: one row per product and month: what is made and bought in, and the rate a working day
select
    s.product_id, s.family, s.site_id, s.month, s.output, s.subcontract,
    case when c.working_days > 0 then round(s.output / c.working_days, 6) end as output_per_working_day
from production_schedule as s
left join working_calendar as c on s.month = c.month
