-- grain: one row per product that carries demand, and calendar month
-- median ratio to the 13 months around it, no season having one vote: the product's own where each calendar month was
-- seen three times, else its family's, else one; a season counts where the other times tell a month better than one
-- does, as three Junes of noise have a median too
-- reads: demand_rates
with around as (
    select
        product_id,
        family,
        month,
        per_day,
        median(per_day) over near as level,
        count(per_day) over near as months
    from demand_rates
    window near as (partition by product_id order by month rows between 6 preceding and 6 following)
),

carried as (
    select distinct
        product_id,
        family
    from demand_rates
),

calendar as (
    select unnest(range(1, 13)) as calendar_month
),

ratios as (
    select
        product_id,
        family,
        month(month) as calendar_month,
        per_day / level as ratio
    from around
    where months = 13 and level > 0
),

scopes as (
    select
        'product' as scope,
        product_id as item_id,
        calendar_month,
        ratio
    from ratios
    union all
    select
        'family' as scope,
        family as item_id,
        calendar_month,
        ratio
    from ratios
),

-- sums of decimals do not depend on the order of their rows
told as (
    select
        *,
        (sum(ratio::decimal(28, 12)) over of_month - ratio::decimal(28, 12))::double
        / nullif(count(*) over of_month - 1, 0) as other_times
    from scopes
    window of_month as (partition by scope, item_id, calendar_month)
),

seasonal as (
    select
        scope,
        item_id
    from told
    group by scope, item_id
    having median(abs(ratio - other_times)) < median(abs(ratio - 1))
),

indices as (
    select
        scope,
        item_id,
        calendar_month,
        list_aggregate(list_append(list(ratio), 1), 'median') as ratio
    from told
    inner join seasonal using (scope, item_id)
    group by scope, item_id, calendar_month
    having count(*) >= if(scope = 'product', 3, 2)
),

complete as (
    select *
    from indices
    qualify count(*) over (partition by scope, item_id) = 12
)

select
    carried.product_id,
    calendar.calendar_month,
    greatest(coalesce(own.ratio, of_family.ratio, 1), 0.05) as seasonal_index
from carried
cross join calendar
left join complete as own
    on
        own.scope = 'product'
        and carried.product_id = own.item_id
        and calendar.calendar_month = own.calendar_month
left join complete as of_family
    on
        of_family.scope = 'family'
        and carried.family = of_family.item_id
        and calendar.calendar_month = of_family.calendar_month
order by carried.product_id, calendar.calendar_month
