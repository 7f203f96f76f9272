-- grain: one row per product and month: closing stock, its band, its cover in calendar days, its value
-- reads: production_schedule, days_of_supply, cover_stock, products
select
    production_schedule.product_id,
    production_schedule.family,
    production_schedule.month,
    production_schedule.inventory,
    production_schedule.backlog,
    production_schedule.target_stock as target_low,
    case
        when products.max_stock is null and cover_stock.most_stock is null
            then null
        else
            greatest(
                least(
                    coalesce(products.max_stock, cover_stock.most_stock),
                    coalesce(cover_stock.most_stock, products.max_stock)
                ),
                production_schedule.target_stock
            )
    end as target_high,
    days_of_supply.days_of_supply,
    round(production_schedule.inventory::decimal(28, 4) * products.standard_cost, 2) as inventory_value
from production_schedule
left join days_of_supply
    on
        production_schedule.product_id = days_of_supply.product_id
        and production_schedule.month = days_of_supply.month
left join cover_stock
    on
        production_schedule.product_id = cover_stock.product_id
        and production_schedule.month = cover_stock.month
left join products on production_schedule.product_id = products.product_id
