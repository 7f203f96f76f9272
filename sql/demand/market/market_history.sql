-- grain: one row per dimension, market, family and month with a sale or a return before the cut-off
-- sales of the months kept, as recorded by region and by channel, in the family's unit; a dimension that no row names
-- is left out
-- reads: sales, demand_units
-- binds: $cutoff date, $kept_months bigint, $not_given varchar
with sold as (
    select
        product_id,
        date_trunc('month', date)::date as month,
        nullif(trim(region), '') as region,
        nullif(trim(channel), '') as channel,
        sum(quantity) as quantity
    from sales
    where
        date < $cutoff
        and date >= ($cutoff::date - to_months($kept_months::integer))::date
        and coalesce(recorded_on, date) < $cutoff
        and quantity <> 0
    group by all
),

named as (
    select
        'region' as dimension,
        coalesce(region, $not_given) as market,
        product_id,
        month,
        quantity
    from sold
    where (select count(region) > 0 from sold)
    union all
    select
        'channel' as dimension,
        coalesce(channel, $not_given) as market,
        product_id,
        month,
        quantity
    from sold
    where (select count(channel) > 0 from sold)
)

select
    named.dimension,
    named.market,
    units.family,
    named.month,
    sum(weighed(named.quantity, units.family_equivalent))::decimal(28, 4) as quantity,
    any_value(units.family_unit) as unit_of_measure
from named
inner join demand_units as units on named.product_id = units.product_id
where units.family_equivalent is not null
group by named.dimension, named.market, units.family, named.month
order by named.dimension, named.market, units.family, named.month
