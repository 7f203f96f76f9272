-- grain: one row per level, item and newest month that lies outside what the last cycle expected of it
-- P1 and P99 lie as far beyond P10 and P90, measured from P50, as in a normal distribution (2.326 to 1.282), and not
-- under nothing where P10 is not. A month the data cover in part is not judged, nor an item whose range is a point.
-- Money is the difference at standard cost, of levels above the product their products' together.
-- reads: demand_history, frozen_ranges, products, demand_units
-- binds: $company varchar
with newest as (
    select max(month) as month
    from demand_history
    where coalesce(flag, '') <> 'partial_month'
),

ranges as (
    select
        level,
        item_id,
        month,
        mean,
        p50 - 1.8148 * (p50 - p10) as p1,
        p50 + 1.8148 * (p90 - p50) as p99,
        p10 >= 0 as from_nothing,
        unit_of_measure
    from frozen_ranges
    where p90 > p10
),

came as (
    select
        demand_history.product_id,
        demand_history.family,
        demand_history.month,
        demand_history.quantity,
        ranges.mean,
        units.family_equivalent,
        units.company_equivalent,
        (demand_history.quantity - ranges.mean) * products.standard_cost as money
    from demand_history
    inner join newest using (month)
    inner join demand_units as units using (product_id)
    left join products using (product_id)
    left join frozen_ranges as ranges
        on
            demand_history.product_id = ranges.item_id
            and demand_history.month = ranges.month
            and ranges.level = 'product'
),

by_level as (
    select
        'product' as level,
        product_id as item_id,
        month,
        quantity,
        money
    from came
    union all
    select
        'family' as level,
        family as item_id,
        month,
        sum(quantity * family_equivalent) as quantity,
        sum(money) as money
    from came
    group by family, month
    union all
    select
        'company' as level,
        $company as item_id,
        month,
        sum(quantity * company_equivalent) as quantity,
        sum(money) as money
    from came
    group by month
)

select
    ranges.level,
    ranges.item_id,
    ranges.month,
    by_level.quantity::decimal(28, 4) as quantity,
    ranges.mean as expected,
    if(ranges.from_nothing, greatest(ranges.p1, 0), ranges.p1)::decimal(28, 4) as p1,
    ranges.p99::decimal(28, 4) as p99,
    (by_level.quantity - ranges.mean)::decimal(28, 4) as difference,
    by_level.money::decimal(28, 4) as difference_money,
    ranges.unit_of_measure
from ranges
inner join by_level using (level, item_id, month)
where by_level.quantity > ranges.p99 or by_level.quantity < if(ranges.from_nothing, greatest(ranges.p1, 0), ranges.p1)
order by ranges.level, ranges.item_id
