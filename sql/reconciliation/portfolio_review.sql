-- grain: one row per product of the portfolio
-- Stock at risk: all of what has ended, what is left after the last month of sale of what is phased out. The long tail
-- are the products, the least margin first, that together bring no more than a twentieth of the year's margin.
-- reads: product_lifecycle, actuals, new_product_plan, products
-- binds: $cutoff date, $tail_share decimal
with years as (
    select
        product_id,
        sum(sales) as units_year,
        sum(revenue) as revenue_year,
        sum(margin) as margin_year
    from actuals
    where month >= $cutoff - interval 12 month and month < $cutoff
    group by product_id
),

counts as (
    select
        product_id,
        arg_max(inventory, month) as stock
    from actuals
    where month < $cutoff and inventory is not null
    group by product_id
),

left_over as (
    select
        new_product_plan.product_id,
        arg_min(new_product_plan.inventory, new_product_plan.month) as units
    from new_product_plan
    inner join product_lifecycle on new_product_plan.product_id = product_lifecycle.product_id
    where
        new_product_plan.kind = 'phase_out'
        and new_product_plan.month >= date_trunc('month', product_lifecycle.discontinued_on)
    group by new_product_plan.product_id
),

valued as (
    select
        life.product_id,
        life.product_name,
        life.family,
        life.status,
        years.units_year,
        years.revenue_year,
        years.margin_year,
        counts.stock,
        case
            when life.status = 'ended' then greatest(coalesce(counts.stock, 0), 0)
            when life.status = 'phase_out' then left_over.units
        end as stock_at_risk,
        products.standard_cost
    from product_lifecycle as life
    left join years on life.product_id = years.product_id
    left join counts on life.product_id = counts.product_id
    left join left_over on life.product_id = left_over.product_id
    left join products on life.product_id = products.product_id
),

ranked as (
    select
        *,
        sum(margin_year) over (order by margin_year nulls last, product_id) as margin_up_to,
        sum(margin_year) over () as margin_of_all
    from valued
)

select
    product_id,
    product_name,
    family,
    status,
    units_year,
    revenue_year,
    margin_year,
    stock,
    round(stock::decimal(28, 4) * standard_cost, 2) as stock_value,
    stock_at_risk,
    round(stock_at_risk::decimal(28, 4) * standard_cost, 2) as value_at_risk,
    coalesce(
        status in ('active', 'new')
        and margin_of_all > 0
        and margin_up_to <= margin_of_all::decimal(28, 2) * $tail_share,
        false
    ) as is_tail
from ranked
