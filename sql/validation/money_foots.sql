-- grain: one row per family and planned month whose money differs from the sum of its products
-- A family without planned products (all of them ended) has no money. Margin is revenue less cost wherever every
-- product has both a price and a cost.
-- reads: sales_plan, financial_plan
with products as (
    select
        family, month, sum(revenue) as revenue, sum(cogs) as cogs, sum(margin) as margin,
        bool_and(margin is not null) as has_all
    from sales_plan
    group by all
)

select f.family, f.month, f.revenue, p.revenue as products_revenue, f.margin, p.margin as products_margin
from financial_plan as f
left join products as p on f.family = p.family and f.month = p.month
where f.basis = 'plan'
    and case
        when p.family is null then coalesce(f.revenue, 0) <> 0 or coalesce(f.cogs, 0) <> 0 or coalesce(f.margin, 0) <> 0
        else f.revenue is distinct from p.revenue
            or f.cogs is distinct from p.cogs
            or f.margin is distinct from p.margin
            or (p.has_all and f.revenue - f.cogs is distinct from f.margin)
    end
order by all
