-- grain: one row per resource and month of the plan in use
-- reads: used_resources
select
    resource_id,
    kind,
    site_id,
    month,
    working_days,
    shutdown,
    unit,
    if(kind in ('labour', 'machine'), units, null) as installed,
    if(kind in ('labour', 'machine'), units_down, null) as down,
    regular_hours + overtime_hours as load,
    overtime_hours as overtime,
    available,
    overtime_limit,
    utilisation
from used_resources
