-- grain: one row per number column: how many of its cells show a decimal point, a decimal comma, either, or neither
-- mapped has each different cell once, and in times how many rows hold it
-- reads: mapped = mapped_cells
-- structure: {columns: [quantity, revenue]}
with cells as (
    select
        our,
        cell,
        times
    from mapped
    where
        our in ('{{ columns | join("', '") }}')
        and (contains(cell, '.') or contains(cell, ',') or regexp_full_match(cell, '[0-9]{4,}'))
),

bare as (
    select
        our,
        case
            when regexp_full_match(cell, '[0-9.,]+') then cell
            else translate(
                cell,
                chr(32) || chr(160) || chr(8239) || chr(8201) || chr(8199) || chr(700) || chr(180) || '`‘’''+-()%$€£',
                ''
            )
        end as number,
        times
    from cells
),

numbers as (
    select
        our,
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
    our,
    coalesce(sum(times) filter (where is_point), 0)::bigint as point,
    coalesce(sum(times) filter (where is_comma), 0)::bigint as comma,
    coalesce(sum(times) filter (where is_maybe_point), 0)::bigint as maybe_point,
    coalesce(sum(times) filter (where is_maybe_comma), 0)::bigint as maybe_comma,
    coalesce(sum(times) filter (where is_unmarked), 0)::bigint as unmarked,
    min(number) filter (where is_maybe_point or is_maybe_comma) as example
from numbers
group by our
order by our
