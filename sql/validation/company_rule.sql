-- grain: one row per row of a table that breaks a rule of the company, five at most, each with how many there are
-- What a rule says of a value says nothing of a missing one.
-- reads: sales
-- structure: {table: sales, broken: quantity < 0, alike: []}
-- structure: {table: sales, broken: "true", alike: [date, product_id]}
select
    count(*) over () as rows_broken,
    found.*
from (
    select *
    from {{ table }}
    where {{ broken }}
    {% if alike %}
    qualify count(*) over (partition by {{ alike | join(", ") }}) > 1
    {% endif %}
) as found
limit 5
