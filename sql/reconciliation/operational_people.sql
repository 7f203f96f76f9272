-- grain: one row per month, resource or site, and commitment: heads, days, hours, and what else resources give
-- Working days are those of the sites; of the company where it names none.
-- What a company without resources makes at most is capacity, not hours.
-- reads: workforce_plan, capacity_plan, site_days, resources
-- binds: $company varchar, $currency varchar
with used as (
    select
        capacity_plan.*,
        coalesce(resources.unit, 'machines') as counted_in,
        case
            when resources.resource_id is null and capacity_plan.kind in ('labour', 'machine') then 'capacity'
            else capacity_plan.kind
        end as counts_as,
        capacity_plan.available + capacity_plan.overtime_limit as most
    from capacity_plan
    left join resources on capacity_plan.resource_id = resources.resource_id
),

commitments as (
    {% for commitment, department, quantity, available, due in [
        ('employ', 'production', 'heads', 'max_heads', 'null'),
        ('employ_temporary', 'production', 'temporary', 'max_temporary', 'null'),
        ('hire', 'human_resources', 'hires', 'max_hires', 'hire_by'),
        ('lay_off', 'human_resources', 'layoffs', 'max_layoffs', 'null'),
    ] %}
    select
        month,
        '{{ department }}' as department,
        site_id,
        '{{ commitment }}' as commitment,
        'resource' as item_kind,
        resource_id as item,
        'people' as allots,
        {{ quantity }} as quantity,
        'heads' as unit,
        {{ available }} as available,
        {{ due }}::date as due_on,
        null::varchar as note
    from workforce_plan
    where {{ quantity }} <> 0
    union all
    {% endfor %}
    {% for commitment, department, allots, kinds, quantity, available, unit in [
        ('run', 'production', 'time', "'machine'", 'installed - down', 'installed', 'counted_in'),
        ('stand_still', 'production', 'time', "'machine'", 'down', 'installed', 'counted_in'),
        ('regular_hours', 'production', 'time', "'labour', 'machine'", 'load - overtime', 'available', 'unit'),
        ('overtime_hours', 'production', 'time', "'labour', 'machine'", 'overtime', 'overtime_limit', 'unit'),
        ('use_capacity', 'production', 'time', "'capacity'", 'load', 'most', 'unit'),
        ('store', 'logistics', 'units', "'storage'", 'load', 'available', 'unit'),
        ('spend', 'finance', 'money', "'cash'", 'load', 'available', '$currency'),
    ] %}
    select
        month,
        '{{ department }}' as department,
        site_id,
        '{{ commitment }}' as commitment,
        'resource' as item_kind,
        resource_id as item,
        '{{ allots }}' as allots,
        {{ quantity }} as quantity,
        {{ unit }} as unit,
        {{ available }} as available,
        null as due_on,
        null as note
    from used
    where counts_as in ({{ kinds }}) and {{ quantity }} <> 0
    union all
    {% endfor %}
    select
        month,
        'production' as department,
        site_id,
        'work' as commitment,
        if(site_id is null, 'company', 'site') as item_kind,
        coalesce(site_id, $company) as item,
        'time' as allots,
        working_days as quantity,
        'days' as unit,
        null as available,
        null as due_on,
        shutdown as note
    from site_days
    where
        working_days is not null
        and (site_id is not null or not exists (select site_id from site_days where site_id is not null))
)

select
    *,
    false as detail
from commitments
