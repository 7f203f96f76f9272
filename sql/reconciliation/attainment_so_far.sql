-- grain: one row per measure, family and month: what this cycle found, and what earlier cycles had found
-- reads: fresh = plan_attainment, earlier = plan_attainment
select
    measure,
    family,
    month,
    cycle,
    plan,
    actual,
    attainment
from fresh
union all
select
    earlier.measure,
    earlier.family,
    earlier.month,
    earlier.cycle,
    earlier.plan,
    earlier.actual,
    earlier.attainment
from earlier
anti join fresh on earlier.month = fresh.month
