-- grain: one row per product that carries demand, and calendar month
-- ratio to the median of the 13 months around it: the product's own from three years on, else its family's, else one
with
around as (
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

ratios as (
    select
        product_id,
        family,
        month(month) as calendar_month,
        per_day / level as ratio
    from around
    where months = 13 and level > 0
),

own as (
    select
        product_id,
        calendar_month,
        median(ratio) as ratio
    from ratios
    group by product_id, calendar_month
    having count(*) >= 3
),

of_family as (
    select
        family,
        calendar_month,
        median(ratio) as ratio
    from ratios
    group by family, calendar_month
),

own_complete as (
    select *
    from own
    qualify count(*) over (partition by product_id) = 12
)

select
    carried.product_id,
    calendar.calendar_month,
    greatest(coalesce(own_complete.ratio, of_family.ratio, 1), 0.05) as seasonal_index
from (select distinct product_id, family from demand_rates) as carried
cross join (select unnest(range(1, 13)) as calendar_month) as calendar
left join own_complete
    on carried.product_id = own_complete.product_id and calendar.calendar_month = own_complete.calendar_month
left join of_family on carried.family = of_family.family and calendar.calendar_month = of_family.calendar_month
order by carried.product_id, calendar.calendar_month
