-- grain: one row per product that sales contradict
-- sold after the month it ended in, or before the month it was launched in
-- reads: products, sold
select
    products.product_id,
    'ended' as kind,
    products.discontinued_on as day,
    sold.last_sale as sale
from products
inner join sold on products.product_id = sold.product_id
where date_trunc('month', sold.last_sale) > date_trunc('month', products.discontinued_on)
union all
select
    products.product_id,
    'launched' as kind,
    products.launched_on as day,
    sold.first_sale as sale
from products
inner join sold on products.product_id = sold.product_id
where date_trunc('month', sold.first_sale) < date_trunc('month', products.launched_on)
order by kind, product_id
