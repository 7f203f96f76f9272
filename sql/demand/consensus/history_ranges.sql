-- grain: one row per level: how far a month lies from the one before, relative to the item's average, pooled over items
-- stands in for backtest errors where history is too short for any; quantiles need nine changes, a normal range from
-- their spread needs three, and a level with fewer takes the one below
-- reads: demand_history, product_lifecycle, demand_units
-- binds: $fewest_changes bigint, $normal_p90 double, $least_changes bigint
-- meant: range join of the three levels with themselves
with monthly as (
    select
        'product' as level,
        1 as depth,
        history.product_id as item_id,
        history.month,
        history.cleansed
    from demand_history as history
    inner join product_lifecycle as lifecycle on history.product_id = lifecycle.product_id
    where lifecycle.status not in ('ended', 'never_sold')
    union all
    select
        'family' as level,
        2 as depth,
        history.family as item_id,
        history.month,
        sum(history.cleansed * units.family_equivalent) as cleansed
    from demand_history as history
    inner join demand_units as units on history.product_id = units.product_id
    where units.family_equivalent is not null
    group by history.family, history.month
    union all
    select
        'company' as level,
        3 as depth,
        '' as item_id,
        history.month,
        sum(history.cleansed * units.company_equivalent) as cleansed
    from demand_history as history
    inner join demand_units as units on history.product_id = units.product_id
    where units.company_equivalent is not null
    group by history.month
),

changes as (
    select
        level,
        depth,
        (cleansed - lag(cleansed) over (partition by level, item_id order by month))::double
        / nullif((sum(cleansed) over of_item)::double / count(*) over of_item, 0) as change
    from monthly
    window of_item as (partition by level, item_id)
),

pooled as (
    select
        level,
        depth,
        count(change) as changes,
        quantile_cont(change, 0.1) as low,
        quantile_cont(change, 0.9) as high,
        sqrt(sum((change * change)::decimal(28, 12))::double / nullif(count(change), 0)) as spread
    from changes
    group by level, depth
),

usable as (
    select
        level,
        depth,
        if(changes >= $fewest_changes, low, -$normal_p90 * spread) as low,
        if(changes >= $fewest_changes, high, $normal_p90 * spread) as high
    from pooled
    where changes >= $least_changes
)

select
    wanted.level,
    arg_max(usable.low, usable.depth) as low,
    arg_max(usable.high, usable.depth) as high
from pooled as wanted
inner join usable on wanted.depth >= usable.depth
group by wanted.level
order by wanted.level
