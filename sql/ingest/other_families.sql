-- grain: one row per row that names a product under another family than its own in products
-- reads: named, products
select
    named.file,
    named.row,
    named.product_id,
    named.family,
    products.family as own
from named
inner join products on named.product_id = products.product_id
where named.family <> products.family
order by named.id
