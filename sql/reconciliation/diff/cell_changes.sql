-- grain: one row per row that one side alone has (column_name is null), and per cell that differs
-- a row that one side alone has is told by all of its cells that are not null
-- values are text, exact, and null where they are null; place counts equal rows, and is 1 in a table with a key
-- reads: rows_before, rows_after
-- structure: {key: [product_id], cells: [family, unit_price], repeats: false}
-- structure: {key: [product_id, family], cells: [], repeats: true}
{%- set whole_row = 'row_number() over (partition by "' ~ key | join('", "') ~ '")' %}
{%- set place = whole_row if repeats else '1' %}
with old_rows as (
    select
        *,
        true as side_has_row,
        {{ place }} as place_of_row
    from rows_before
),

new_rows as (
    select
        *,
        true as side_has_row,
        {{ place }} as place_of_row
    from rows_after
),

sides as (
    select
        old_rows.side_has_row as was_there,
        new_rows.side_has_row as is_there,
        coalesce(old_rows.place_of_row, new_rows.place_of_row) as place,
        json_object(
            {% for name in key %}
            '{{ name }}', coalesce(old_rows."{{ name }}", new_rows."{{ name }}")::varchar{{ "," if not loop.last }}
            {% endfor %}
        )::varchar as key,
        [
            {'column_name': null::varchar, 'old': old_rows.side_has_row::varchar, 'new': new_rows.side_has_row::varchar}
            {%- for name in cells -%}
            ,
            {'column_name': '{{ name }}', 'old': old_rows."{{ name }}"::varchar, 'new': new_rows."{{ name }}"::varchar}
            {%- endfor %}
        ] as cells
    from old_rows
    full outer join new_rows
        on
            old_rows.place_of_row = new_rows.place_of_row
            {% for name in key %}
            and old_rows."{{ name }}" is not distinct from new_rows."{{ name }}"
            {% endfor %}
),

each_cell as (
    select
        was_there,
        is_there,
        place,
        key,
        unnest(cells) as cell
    from sides
)

select
    case when was_there is null then 'added' when is_there is null then 'removed' else 'changed' end as change,
    key,
    place,
    cell.column_name,
    cell.old,
    cell.new
from each_cell
where cell.old is distinct from cell.new
order by all
