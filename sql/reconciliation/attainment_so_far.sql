-- grain: one row per measure, family and month: what this cycle found, and what earlier cycles had found
-- reads: fresh = plan_attainment, earlier = plan_attainment
select *
from fresh
union all
select earlier.*
from earlier
anti join fresh on earlier.month = fresh.month
