-- grain: one row per row whose reference names nothing the other table has
-- reads: standing, known
-- structure: {column: product_id}
select
    standing.id,
    standing.{{ column }} as value
from standing
left join known on standing.{{ column }} = known.name
where standing.{{ column }} is not null and known.name is null
