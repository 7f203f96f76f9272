-- one row per row whose reference names nothing the other table has
select
    rows.id,
    rows.{{ column }} as value
from rows
left join known on rows.{{ column }} = known.name
where rows.{{ column }} is not null and known.name is null
