-- grain: one row per product and month: closing stock, its band, its cover in calendar days, its value
-- reads: production_schedule, days_of_supply, cover_stock, products
select
    s.product_id, s.family, s.month, s.inventory, s.backlog,
    s.target_stock as target_low,
    case
        when p.max_stock is null and c.most_stock is null then null
        else greatest(
            least(coalesce(p.max_stock, c.most_stock), coalesce(c.most_stock, p.max_stock)), s.target_stock
        )
    end as target_high,
    d.days_of_supply,
    round(cast(s.inventory as decimal(28, 4)) * p.standard_cost, 2) as inventory_value
from production_schedule as s
left join days_of_supply as d on s.product_id = d.product_id and s.month = d.month
left join cover_stock as c on s.product_id = c.product_id and s.month = c.month
left join products as p on s.product_id = p.product_id
