-- grain: one row per level, item and month of history: what came, of all products of the item, in its unit
-- reads: demand_history, demand_units
-- binds: $company varchar
with monthly as (
    select
        history.product_id,
        history.family,
        history.month,
        history.cleansed,
        units.family_equivalent,
        units.company_equivalent
    from demand_history as history
    inner join demand_units as units on history.product_id = units.product_id
)

select
    'product' as level,
    product_id as item_id,
    month,
    cleansed as actual
from monthly
union all
select
    'family' as level,
    family as item_id,
    month,
    sum(weighed(cleansed, family_equivalent))::decimal(28, 4) as actual
from monthly
where family_equivalent is not null
group by family, month
union all
select
    'company' as level,
    $company as item_id,
    month,
    sum(weighed(cleansed, company_equivalent))::decimal(28, 4) as actual
from monthly
where company_equivalent is not null
group by month
