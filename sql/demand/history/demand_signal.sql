-- grain: one row per product with history, its own or inherited
-- METHODS 2: sales; where a product has none, production
-- reads: monthly_sales, monthly_production, product_lifecycle
-- binds: $signal varchar
select
    lifecycle.product_id,
    case
        when $signal <> 'auto' then $signal
        when exists (select 1 from monthly_sales where monthly_sales.product_id = lifecycle.product_id) then 'sales'
        when
            exists (select 1 from monthly_production where monthly_production.product_id = lifecycle.product_id)
            then 'production'
        when exists (select 1 from monthly_sales) then 'sales'
        else 'production'
    end as signal
from product_lifecycle as lifecycle
where lifecycle.first_month is not null
order by lifecycle.product_id
