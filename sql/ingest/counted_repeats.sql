-- grain: one row per file with rows equal to an earlier one that are counted
-- how many, and of the products with most of them how many rows and units
-- reads: repeats = repeated_rows, standing
-- structure: {product: standing.product_id, quantity: standing.quantity, named: 3}
with products as (
    select
        repeats.file,
        {{ product }} as product_id,
        count(*) as rows,
        sum({{ quantity }}) as quantity
    from repeats
    inner join standing on repeats.id = standing.id
    group by repeats.file, product_id
),

ranked as (
    select
        *,
        row_number() over (partition by file order by rows desc, product_id) as place
    from products
)

select
    file,
    sum(rows)::bigint as rows,
    sum(quantity) as quantity,
    list(
        {product_id: product_id, rows: rows, quantity: quantity} order by place
    ) filter (where place <= {{ named }}) as products,
    count(*) filter (where place > {{ named }}) as more
from ranked
group by file
order by file
