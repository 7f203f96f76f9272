-- grain: one row per family and planned month whose money differs from the sum of its products
with products as (
    select family, month, sum(revenue) as revenue, sum(cogs) as cogs, sum(margin) as margin
    from sales_plan
    group by all
)

select f.family, f.month, f.revenue, p.revenue as products_revenue, f.margin, p.margin as products_margin
from financial_plan as f
left join products as p on f.family = p.family and f.month = p.month
where f.basis = 'plan'
    and (
        f.revenue is distinct from p.revenue
        or f.cogs is distinct from p.cogs
        or f.margin is distinct from p.margin
        or f.revenue - f.cogs is distinct from f.margin
    )
order by all
