-- grain: one row: how far the company's demand follows the working days
-- growth on the same month a year before, regressed on the growth of the working days: the season drops out, a slope of
-- one means that demand is proportional to the days, of nought that it does not care (METHODS 1); demand is added up in
-- the company's unit, or unit by unit where it has none
-- reads: demand_history, working_calendar, demand_units
with totals as (
    select
        history.month,
        coalesce(units.company_unit, units.unit_of_measure) as unit,
        sum(history.cleansed * coalesce(units.company_equivalent, 1))::double as demand,
        any_value(calendar.working_days)::double as working_days
    from demand_history as history
    inner join working_calendar as calendar on history.month = calendar.month
    left join demand_units as units on history.product_id = units.product_id
    group by history.month, unit
),

growths as (
    select
        ln(this_year.demand / last_year.demand) as demand,
        ln(this_year.working_days / last_year.working_days) as working_days
    from totals as this_year
    inner join totals as last_year
        on
            last_year.month = (this_year.month - interval 1 year)::date
            and this_year.unit is not distinct from last_year.unit
    where
        this_year.demand > 0
        and last_year.demand > 0
        and this_year.working_days > 0
        and last_year.working_days > 0
),

regression as (
    select
        count(*) as pairs,
        regr_slope(demand, working_days) as slope,
        regr_sxx(demand, working_days) as days_squared,
        regr_syy(demand, working_days) as demand_squared
    from growths
)

select
    pairs,
    slope,
    slope / sqrt(
        greatest(demand_squared - slope * slope * days_squared, 1e-12) / greatest(pairs - 2, 1) / days_squared
    ) as t_value
from regression
where days_squared > 1e-9
