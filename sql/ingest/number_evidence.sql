-- grain: one row per file: how many cells of its number columns show which decimal mark
-- a point, a comma, either, or neither; mapped has each different cell once, and in times how many rows hold it
-- reads: mapped = mapped_cells
-- structure: {columns: [quantity, revenue]}
with cells as (
    select
        cell,
        times
    from mapped
    where
        our in ('{{ columns | join("', '") }}')
        and (contains(cell, '.') or contains(cell, ',') or regexp_full_match(cell, '[0-9]{4,}'))
),

bare as (
    select
        case
            when regexp_full_match(cell, '[0-9.,]+') then cell
            else translate(cell, chr(32) || chr(160) || chr(8239) || '''+-()%$€£', '')
        end as number,
        times
    from cells
),

numbers as (
    select
        number,
        times,
        regexp_full_match(number, '[0-9]*[.][0-9]{1,2}|[0-9]*[.][0-9]{4,}|0?[.][0-9]+|[0-9]{4,}[.][0-9]+')
        or regexp_full_match(number, '[0-9]{1,3}(,[0-9]{2,3})+[.][0-9]*|[0-9]{1,3}(,[0-9]{2,3})+,[0-9]{3}') as is_point,
        regexp_full_match(number, '[0-9]*[,][0-9]{1,2}|[0-9]*[,][0-9]{4,}|0?[,][0-9]+|[0-9]{4,}[,][0-9]+')
        or regexp_full_match(number, '[0-9]{1,3}([.][0-9]{3})+,[0-9]*|[0-9]{1,3}([.][0-9]{3})+[.][0-9]{3}') as is_comma,
        regexp_full_match(number, '[1-9][0-9]{0,2}[.][0-9]{3}') as is_maybe_point,
        regexp_full_match(number, '[1-9][0-9]{0,2}[,][0-9]{3}') as is_maybe_comma,
        regexp_full_match(number, '[0-9]{4,}') as is_unmarked
    from bare
)

select
    coalesce(sum(times) filter (where is_point), 0)::bigint as point,
    coalesce(sum(times) filter (where is_comma), 0)::bigint as comma,
    coalesce(sum(times) filter (where is_maybe_point), 0)::bigint as maybe_point,
    coalesce(sum(times) filter (where is_maybe_comma), 0)::bigint as maybe_comma,
    coalesce(sum(times) filter (where is_unmarked), 0)::bigint as unmarked,
    min(number) filter (where is_maybe_point or is_maybe_comma) as example
from numbers
