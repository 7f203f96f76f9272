-- grain: one row per level, item, origin and lag: what would have been planned with the external forecast, beside what
-- came; the statistical forecast where none reached. `is_external` where a figure did
-- reads: forecast_backtest, spread_figures, demand_units
-- binds: $statistical varchar, $company varchar
with statistical as (
    select *
    from forecast_backtest
    where approach = $statistical
),

products as (
    select
        statistical.item_id as product_id,
        statistical.origin,
        statistical.month,
        coalesce(spread.mean, statistical.forecast) as forecast,
        spread.mean is not null as is_external
    from statistical
    left join spread_figures as spread
        on
            statistical.item_id = spread.product_id
            and statistical.origin = spread.origin
            and statistical.month = spread.month
    where statistical.level = 'product'
),

items as (
    select
        'product' as level,
        product_id as item_id,
        origin,
        month,
        forecast,
        is_external
    from products
    union all
    select
        if(grouping(units.family) = 1, 'company', 'family') as level,
        coalesce(units.family, $company) as item_id,
        products.origin,
        products.month,
        if(
            grouping(units.family) = 1,
            sum(weighed(products.forecast, units.company_equivalent)),
            sum(weighed(products.forecast, units.family_equivalent))
        ) as forecast,
        bool_or(products.is_external) as is_external
    from products
    inner join demand_units as units on products.product_id = units.product_id
    group by grouping sets (
        (products.origin, products.month, units.family), (products.origin, products.month)
    )
)

select
    'external' as approach,
    statistical.level,
    statistical.item_id,
    statistical.origin,
    statistical.lag,
    statistical.month,
    if(items.is_external, items.forecast, statistical.forecast)::decimal(28, 4) as forecast,
    statistical.actual,
    statistical.is_judged,
    statistical.unit_of_measure,
    coalesce(items.is_external, false) as is_external
from statistical
left join items
    on
        statistical.level = items.level
        and statistical.item_id = items.item_id
        and statistical.origin = items.origin
        and statistical.month = items.month
order by statistical.level, statistical.item_id, statistical.origin, statistical.lag
