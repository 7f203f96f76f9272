-- grain: one row: how many rows a table has, and for each rule of the registry how many of them break it
-- Every rule is counted on every row. What a rule says of a value says nothing of a missing one.
-- reads: sales, products
-- structure: {table: sales, required: [], bounds: [[revenue,0,9]], words: [], refers: {product_id: products}, key: []}
-- structure: {table: sales, required: [], bounds: [], words: [[region, [north]]], refers: {}, key: [date, region]}
select
    {% for column in required %}
    count(*) filter (where checked.{{ column }} is null) as {{ column }}_is_there,
    {% endfor %}
    {% for column, low, high in bounds %}
    count(*) filter (
        where false
        {%- if low is not none %} or checked.{{ column }} < {{ low }}{% endif %}
        {%- if high is not none %} or checked.{{ column }} > {{ high }}{% endif %}

    ) as {{ column }}_is_in_bounds,
    {% endfor %}
    {% for column, values in words %}
    count(*) filter (where checked.{{ column }} not in ('{{ values | join("', '") }}')) as {{ column }}_is_in_list,
    {% endfor %}
    {% for column, known in refers.items() %}
    count(*) filter (
        where checked.{{ column }} is not null and checked.{{ column }} not in (select product_id from {{ known }})
    ) as {{ column }}_is_known,
    {% endfor %}
    {% if key %}
    count(*) - count(distinct hash(checked.{{ key | join(", checked.") }})) as key_is_unique,
    {% endif %}
    count(*) as rows_checked
from {{ table }} as checked
