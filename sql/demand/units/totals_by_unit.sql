-- grain: one row per approach, level, item and the keys named: amounts of the engine taken back from weights to units
-- products are divided by their weight; families and the company are the sums of their products in the level's unit,
-- none where it has no unit; `ratio` is by how much the first amount of a level changes on the way, for what cannot be
-- added
-- reads: engine_rows, series_weights, demand_units
-- structure: {keys: [month], amounts: [mean]}
-- structure: {keys: [origin, lag, month], amounts: [forecast, actual]}
with products as (
    select
        engine.approach,
        engine.item_id,
        units.family,
        {% for key in keys %}
        engine.{{ key }},
        {% endfor %}
        {% for amount in amounts %}
        (engine.{{ amount }}::double / weights.weight)::decimal(28, 4) as {{ amount }},
        {% endfor %}
        engine.{{ amounts[0] }} as weighted,
        weights.weight,
        units.family_equivalent,
        units.company_equivalent
    from engine_rows as engine
    inner join series_weights as weights on engine.item_id = weights.product_id
    inner join demand_units as units on engine.item_id = units.product_id
    where engine.level = 'product'
),

parents as (
    select
        approach,
        if(grouping(family) = 1, 'company', 'family') as level,
        coalesce(family, 'company') as item_id,
        {% for key in keys %}
        {{ key }},
        {% endfor %}
        {% for amount in amounts %}
        if(
            grouping(family) = 1,
            sum(weighed({{ amount }}, company_equivalent)),
            sum(weighed({{ amount }}, family_equivalent))
        )::decimal(28, 4) as {{ amount }},
        {% endfor %}
        sum(weighted)::double as weighted,
        if(
            grouping(family) = 1,
            sum((company_equivalent / weight)::decimal(38, 12)),
            sum((family_equivalent / weight)::decimal(38, 12))
        )::double / count(*) as usual_ratio
    from products
    group by grouping sets (
        (approach, family{% for key in keys %}, {{ key }}{% endfor %}),
        (approach{% for key in keys %}, {{ key }}{% endfor %})
    )
)

select
    approach,
    'product' as level,
    item_id,
    {% for column in keys + amounts %}
    {{ column }},
    {% endfor %}
    1 / weight as ratio
from products
union all
select
    approach,
    level,
    item_id,
    {% for column in keys + amounts %}
    {{ column }},
    {% endfor %}
    coalesce({{ amounts[0] }}::double / nullif(weighted, 0), usual_ratio) as ratio
from parents
where {{ amounts[0] }} is not null
