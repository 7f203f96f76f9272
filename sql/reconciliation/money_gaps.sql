-- grain: one row: how many products, families, months or rows lack what money needs
-- reads: sales_plan, products, business_plan, orders, last_plan, sales, production, unit_factors, operational_plan
-- reads: workforce_plan
-- binds: $cutoff date
with planned as (
    select
        sold.product_id,
        coalesce(sold.planned_price, products.unit_price) as unit_price,
        products.standard_cost,
        products.unit_material_cost,
        products.max_stock,
        products.cover_days_max
    from (
        select
            product_id,
            max(unit_price) as planned_price
        from sales_plan
        group by product_id
    ) as sold
    left join products on sold.product_id = products.product_id
),

unplanned as (
    select distinct family
    from sales_plan
    where
        family is not null
        and family not in (select family from business_plan where family is not null)
        and exists (select 1 from business_plan where family is not null)
)

select
    (select count(*) from planned where unit_price is null) as without_price,
    (select count(*) from planned where standard_cost is null) as without_cost,
    (
        select count(*)
        from planned
        where standard_cost is not null and unit_material_cost is null
    ) as without_material_cost,
    (select count(*) from planned where max_stock is null and cover_days_max is null) as without_most_stock,
    (select count(*) from business_plan) as business_plan_rows,
    (select count(*) from unplanned) as families_unplanned,
    (select string_agg(family, ', ' order by family) from unplanned) as unplanned,
    (select count(distinct family) from sales_plan) as planned_families,
    (select count(*) from orders where requested_on < $cutoff) as orders_due,
    (select count(*) from last_plan) as last_plan_rows,
    (
        select count(distinct sales.product_id)
        from sales
        inner join products on sales.product_id = products.product_id
        where sales.revenue is null and sales.date < $cutoff and products.unit_price is not null
    ) as sold_without_revenue,
    (
        select count(distinct product_id)
        from production
        where date < $cutoff and product_id not in (select product_id from sales where date < $cutoff)
    ) as sold_as_made,
    (select count(distinct family) from unit_factors where factor is null) as families_not_added,
    (select count(distinct department) from operational_plan) as departments,
    (
        select count(distinct department)
        from operational_plan
        where owner is null
    ) as departments_without_owner,
    (select count(*) from workforce_plan) as head_months,
    (
        select count(*)
        from workforce_plan
        where heads <> planned_heads or temporary <> planned_temporary
    ) as head_months_rounded,
    (select count(*) from planned) as planned_products
