-- grain: one row per measure, family and month: what this cycle found, and what earlier cycles had found
-- reads: fresh = plan_attainment, earlier = plan_attainment
select * from fresh
union all
select e.*
from earlier as e
anti join fresh as f on e.month = f.month
