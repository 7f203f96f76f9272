-- grain: one row per fiscal year: on time in full from order lines due, and the fill rate of the plan
-- On time in full = lines shipped complete by the requested date / lines due before the cut-off (METHODS 6).
-- Fill rate = 1 - (late + lost) / demand, at list prices so that units of different measure are never added; a unit is
-- late in every month end at which it is owed, as in the summary of plans. The last cycle's plan states no backlog:
-- there it is sales / demand.
-- reads: orders, products, production_schedule, last_plan, fiscal_months, business_plan
-- binds: $fiscal_lead_months bigint, $cutoff date
with due as (
    select
        year(requested_on + to_months($fiscal_lead_months)) as fiscal_year,
        shipped_on is not null
        and shipped_on <= requested_on
        and coalesce(quantity_shipped, quantity) >= quantity as is_on_time_in_full
    from orders
    where requested_on < $cutoff
),

weights as (
    select
        product_id,
        case when bool_or(unit_price > 0) over () then coalesce(unit_price, 0) else 1 end as weight
    from products
),

demanded as (
    select
        schedule.product_id,
        schedule.month,
        schedule.demand,
        schedule.demand - schedule.backlog - schedule.lost_sales as served,
        coalesce(last_plan.demand, 0) as before,
        coalesce(last_plan.sales, 0) as sold_before
    from production_schedule as schedule
    left join last_plan on schedule.product_id = last_plan.product_id and schedule.month = last_plan.month
),

stated as (
    select
        month,
        service_level,
        coalesce(revenue, 1) as weight
    from business_plan
),

years as (
    select distinct fiscal_year
    from fiscal_months
),

lines as (
    select
        fiscal_year,
        count(*) as lines_due,
        round(count_if(is_on_time_in_full) / count(*), 4)::decimal(28, 4) as on_time_in_full
    from due
    group by fiscal_year
),

fill as (
    select
        fiscal_months.fiscal_year,
        sum(demanded.demand::decimal(28, 4) * weights.weight) as demand,
        sum(demanded.served::decimal(28, 4) * weights.weight) as served,
        sum(demanded.before::decimal(28, 4) * weights.weight) as demand_before,
        sum(demanded.sold_before::decimal(28, 4) * weights.weight) as sales_before
    from fiscal_months
    inner join demanded on fiscal_months.month = demanded.month
    inner join weights on demanded.product_id = weights.product_id
    group by fiscal_months.fiscal_year
),

goals as (
    select
        fiscal_months.fiscal_year,
        case
            when bool_and(fiscal_months.has_business_plan)
                then round(
                    sum(stated.service_level * stated.weight::decimal(28, 2))
                    / sum(case when stated.service_level is not null then stated.weight end),
                    4
                )
        end as business_plan
    from fiscal_months
    inner join stated on fiscal_months.month = stated.month
    group by fiscal_months.fiscal_year
)

select
    years.fiscal_year,
    lines.lines_due,
    lines.on_time_in_full,
    year_before.on_time_in_full as on_time_in_full_before,
    goals.business_plan::decimal(28, 4) as business_plan,
    case
        when fill.demand > 0 then greatest(round(fill.served / fill.demand, 4), 0)
    end::decimal(28, 4) as fill_rate,
    case
        when fill.demand_before > 0 then least(round(fill.sales_before / fill.demand_before, 4), 1)
    end::decimal(28, 4) as fill_rate_before
from years
left join lines on years.fiscal_year = lines.fiscal_year
left join lines as year_before on years.fiscal_year = year_before.fiscal_year + 1
left join fill on years.fiscal_year = fill.fiscal_year
left join goals on years.fiscal_year = goals.fiscal_year
