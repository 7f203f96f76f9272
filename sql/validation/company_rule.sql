-- grain: one row per row of a table that breaks a rule of the company, five at most, each with how many there are
-- What a rule says of a value says nothing of a missing one.
-- reads: sales
-- structure: {table: sales, broken: quantity < 0, alike: [], columns: [date, product_id, quantity]}
-- structure: {table: sales, broken: "true", alike: [date, product_id], columns: [date, product_id]}
select
    count(*) over () as rows_broken,
    {{ columns | join(", ") }}
from (
    select {{ columns | join(", ") }}
    from {{ table }}
    where {{ broken }}
    {% if alike %}
    qualify count(*) over (partition by {{ alike | join(", ") }}) > 1
    {% endif %}
) as found
order by {{ columns | join(", ") }}
limit 5
