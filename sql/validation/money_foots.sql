-- grain: one row per family and planned month whose money differs from the sum of its products
-- A family without planned products (all of them ended) has no money. Margin is revenue less cost wherever every
-- product has both a price and a cost.
-- reads: sales_plan, financial_plan
with products as (
    select
        family,
        month,
        sum(revenue) as revenue,
        sum(cogs) as cogs,
        sum(margin) as margin,
        bool_and(margin is not null) as has_all
    from sales_plan
    group by all
)

select
    financial_plan.family,
    financial_plan.month,
    financial_plan.revenue,
    products.revenue as products_revenue,
    financial_plan.margin,
    products.margin as products_margin
from financial_plan
left join products on financial_plan.family = products.family and financial_plan.month = products.month
where
    financial_plan.basis = 'plan'
    and case
        when products.family is null
            then
                coalesce(financial_plan.revenue, 0) <> 0
                or coalesce(financial_plan.cogs, 0) <> 0
                or coalesce(financial_plan.margin, 0) <> 0
        else
            financial_plan.revenue is distinct from products.revenue
            or financial_plan.cogs is distinct from products.cogs
            or financial_plan.margin is distinct from products.margin
            or (
                products.has_all and financial_plan.revenue - financial_plan.cogs is distinct from financial_plan.margin
            )
    end
order by all
