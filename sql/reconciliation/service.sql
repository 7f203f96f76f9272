-- grain: one row per fiscal year: on time in full from order lines due, and the fill rate of the plan
-- On time in full = lines shipped complete by the requested date / lines due before the cut-off (METHODS 6).
-- Fill rate = sales planned / demand, at list prices so that units of different measure are never added.
-- reads: orders, products, sales_plan, last_plan, fiscal_months, business_plan
-- binds: $fiscal_lead_months bigint, $cutoff date
with due as (
    select
        year(requested_on + to_months($fiscal_lead_months)) as fiscal_year,
        shipped_on is not null and shipped_on <= requested_on and coalesce(quantity_shipped, quantity) >= quantity
            as is_on_time_in_full
    from orders
    where requested_on < $cutoff
),

lines as (
    select fiscal_year, count(*) as lines_due,
        cast(round(count_if(is_on_time_in_full) / count(*), 4) as decimal(18, 4)) as on_time_in_full
    from due
    group by fiscal_year
),

weights as (
    select
        product_id,
        case when bool_or(unit_price > 0) over () then coalesce(unit_price, 0) else 1 end as weight
    from products
),

demanded as (
    select
        s.product_id, s.month, s.demand, s.sales,
        coalesce(l.demand, 0) as before,
        coalesce(l.sales, 0) as sold_before
    from sales_plan as s
    left join last_plan as l on s.product_id = l.product_id and s.month = l.month
),

fill as (
    select
        f.fiscal_year,
        sum(cast(d.demand as decimal(28, 4)) * w.weight) as demand,
        sum(cast(d.sales as decimal(28, 4)) * w.weight) as sales,
        sum(cast(d.before as decimal(28, 4)) * w.weight) as demand_before,
        sum(cast(d.sold_before as decimal(28, 4)) * w.weight) as sales_before
    from fiscal_months as f
    inner join demanded as d on f.month = d.month
    inner join weights as w on d.product_id = w.product_id
    group by f.fiscal_year
),

goals as (
    select
        f.fiscal_year,
        case when bool_and(f.has_business_plan)
            then round(
                sum(b.service_level * cast(b.weight as decimal(28, 2)))
                / sum(case when b.service_level is not null then b.weight end), 4
            )
        end as business_plan
    from fiscal_months as f
    inner join (
        select month, service_level, coalesce(revenue, 1) as weight
        from business_plan
    ) as b on f.month = b.month
    group by f.fiscal_year
)

select
    y.fiscal_year, l.lines_due, l.on_time_in_full, b.on_time_in_full as on_time_in_full_before,
    cast(g.business_plan as decimal(18, 4)) as business_plan,
    cast(case when f.demand > 0 then least(round(f.sales / f.demand, 4), 1) end as decimal(18, 4)) as fill_rate,
    cast(
        case when f.demand_before > 0 then least(round(f.sales_before / f.demand_before, 4), 1) end as decimal(18, 4)
    ) as fill_rate_before
from (select distinct fiscal_year from fiscal_months) as y
left join lines as l on y.fiscal_year = l.fiscal_year
left join lines as b on y.fiscal_year = b.fiscal_year + 1
left join fill as f on y.fiscal_year = f.fiscal_year
left join goals as g on y.fiscal_year = g.fiscal_year
