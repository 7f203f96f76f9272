-- grain: one row per month, department, site, commitment and item: every line with who answers for it
-- The owner named for the site comes before the one of the whole department.
-- reads: operational_people, operational_units, operational_materials, operational_money, owners
with lines as (
    {% for part in ['operational_units', 'operational_materials', 'operational_money', 'operational_people'] %}
    select
        month,
        department,
        site_id,
        commitment,
        item_kind,
        item,
        allots,
        quantity,
        unit,
        available,
        due_on,
        note,
        detail
    from {{ part }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    lines.*,
    coalesce(own.owner, general.owner) as owner
from lines
left join owners as own on lines.department = own.department and lines.site_id = own.site_id
left join owners as general on lines.department = general.department and general.site_id is null
