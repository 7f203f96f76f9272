-- grain: one row: how many products, families, months or rows lack what money needs
-- reads: sales_plan, products, business_plan, orders, last_plan, sales, production, unit_factors
-- binds: $cutoff date
with planned as (
    select s.product_id, p.unit_price, p.standard_cost, p.unit_material_cost, p.max_stock, p.cover_days_max
    from (select distinct product_id from sales_plan) as s
    left join products as p on s.product_id = p.product_id
)

select
    (select count(*) from planned where unit_price is null) as without_price,
    (select count(*) from planned where standard_cost is null) as without_cost,
    (select count(*) from planned where standard_cost is not null and unit_material_cost is null)
        as without_material_cost,
    (select count(*) from planned where max_stock is null and cover_days_max is null) as without_most_stock,
    (select count(*) from business_plan) as business_plan_rows,
    (select count(*) from orders where requested_on < $cutoff) as orders_due,
    (select count(*) from last_plan) as last_plan_rows,
    (
        select count(distinct s.product_id)
        from sales as s
        inner join products as p on s.product_id = p.product_id
        where s.revenue is null and s.date < $cutoff and p.unit_price is not null
    ) as sold_without_revenue,
    (
        select count(distinct product_id)
        from production
        where date < $cutoff and product_id not in (select product_id from sales where date < $cutoff)
    ) as sold_as_made,
    (select count(distinct family) from unit_factors where factor is null) as families_not_added,
    (select count(*) from planned) as planned_products
