-- grain: one row per row whose day is no day and whose amounts are the sums of the file's rows that can be read
-- of its item, or (without a known item) of all items: a file's bottom line
-- reads: all_rows, set_aside
-- binds: $date varchar, $words varchar
-- structure: {item: product_id, measures: [quantity]}
with amounts as (
    select
        all_rows.id,
        all_rows.file,
        {{ item }} as item,
        set_aside.value,
        {% for measure in measures %}
        {{ measure }} as m{{ loop.index0 }},
        {% endfor %}
        set_aside.id is null as is_readable
    from all_rows
    left join set_aside on all_rows.id = set_aside.id
    where
        set_aside.id is null
        or (set_aside.column_name = $date and regexp_full_match(set_aside.value, '[^0-9]+'))
),

bottom as (
    select *
    from amounts
    where not is_readable
),

by_item as (
    select
        file,
        item,
        {% for measure in measures %}
        sum(m{{ loop.index0 }}) as m{{ loop.index0 }},
        {% endfor %}
        count(*) as rows
    from amounts
    where is_readable
    group by grouping sets ((file, item), (file))
),

matched as (
    select
        bottom.id,
        bottom.file,
        bottom.value,
        {% for measure in measures %}
        bottom.m{{ loop.index0 }} as own_{{ loop.index0 }},
        coalesce(of_item.m{{ loop.index0 }}, of_all.m{{ loop.index0 }}) as sum_{{ loop.index0 }},
        {% endfor %}
        coalesce(of_item.rows, of_all.rows) as rows
    from bottom
    left join by_item as of_item on bottom.file = of_item.file and bottom.item = of_item.item
    left join by_item as of_all on bottom.file = of_all.file and of_all.item is null
)

select
    id,
    value
from matched
where
    (rows > 1 or regexp_full_match(value, $words, 'i'))
    and ({% for measure in measures %}own_{{ loop.index0 }} is not null{{ ' or ' if not loop.last }}{% endfor %})
    {%- for measure in measures %}
    and (own_{{ loop.index0 }} is null or coalesce(abs(own_{{ loop.index0 }} - sum_{{ loop.index0 }}) <= 0.01, false))
    {%- endfor %}
