-- grain: one row per product that carries demand, and month
-- its own demand and that of predecessors, also per working day, by which months are compared (METHODS 1)
-- reads: demand_months, product_lifecycle, working_calendar, month_coverage
-- binds: $usual_working_days double, $least_coverage double
with carried as (
    select
        heir_id as product_id,
        month,
        sum(quantity)::decimal(28, 4) as quantity,
        sum(returned)::decimal(28, 4) as returned,
        sum(case when product_id <> heir_id then quantity else 0 end)::decimal(28, 4) as inherited,
        sum(lowest_stock) as lowest_stock,
        bool_and(is_over) as is_over,
        bool_and(signal <> 'production') as is_sales
    from demand_months
    group by heir_id, month
)

select
    carried.product_id,
    lifecycle.family,
    carried.month,
    carried.quantity,
    carried.returned,
    carried.inherited,
    carried.lowest_stock,
    carried.is_over,
    carried.is_sales,
    greatest(coalesce(calendar.working_days, $usual_working_days)::double, 1) as working_days,
    coverage.share as covered_share,
    coverage.covered,
    coverage.trading,
    coverage.finding as coverage_finding,
    coverage.edge_day,
    case
        when coalesce(coverage.share, 1) >= $least_coverage
            then
                greatest(carried.quantity, 0)::double
                / (
                    greatest(coalesce(calendar.working_days, $usual_working_days)::double, 1)
                    * coalesce(coverage.share, 1)
                )
    end as per_day
from carried
inner join product_lifecycle as lifecycle on carried.product_id = lifecycle.product_id
left join working_calendar as calendar on carried.month = calendar.month
left join month_coverage as coverage on carried.month = coverage.month
order by carried.product_id, carried.month
