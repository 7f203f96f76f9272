-- grain: one row per product that carries demand, and month: what was found, and the cleansed demand
-- METHODS 2: stock-out, outlier (Hampel), partial month; a peak that marketing announced is a promotion, and what an
-- event explains is demand; where more came back than was sold, what was sold is the demand: what came back was an
-- earlier month's
-- reads: expectations, demand_inputs, demand_events
-- binds: $hampel_spreads double, $least_deviation double, $input_deadline date, $hampel_months bigint
-- binds: $least_coverage double
with distances as (
    select
        *,
        (level_per_day - median_per_day)
        / greatest($hampel_spreads * spread, $least_deviation * median_per_day) as distance
    from expectations
),

said as (
    select
        product_id,
        family,
        false as is_event,
        unnest(
            generate_series(
                month_from,
                least(coalesce(month_to, month_from), (select max(month) from expectations)),
                interval 1 month
            )
        )::date as month
    from demand_inputs
    where lower(stream) = 'marketing' and coalesce(recorded_on < $input_deadline, true)
    union all
    select
        product_id,
        family,
        true as is_event,
        unnest(
            generate_series(
                month_from,
                least(coalesce(month_to, month_from), (select max(month) from expectations)),
                interval 1 month
            )
        )::date as month
    from demand_events
    where coalesce(size <> 0, true) and coalesce(recorded_on < $input_deadline, true)
),

-- a month beside it, or the same month a year away, that differs the same way: a new level, or a season
neighbours as (
    select
        *,
        greatest(
            sign(distance) * lag(distance) over by_month,
            sign(distance) * lead(distance) over by_month,
            sign(distance) * lag(distance, 12) over by_month,
            sign(distance) * lead(distance, 12) over by_month,
            0
        ) > 1 as has_company
    from distances
    window by_month as (partition by product_id order by month)
),

reached as (
    select
        neighbours.product_id,
        neighbours.month,
        said.is_event
    from neighbours
    inner join said on neighbours.product_id = said.product_id and neighbours.month = said.month
    where coalesce(said.family, neighbours.family) = neighbours.family
    union
    select
        neighbours.product_id,
        neighbours.month,
        said.is_event
    from neighbours
    inner join said on neighbours.family = said.family and neighbours.month = said.month
    where said.product_id is null
    union
    select
        neighbours.product_id,
        neighbours.month,
        said.is_event
    from neighbours
    inner join said on neighbours.month = said.month
    where said.product_id is null and said.family is null
),

announced as (
    select
        product_id,
        month,
        bool_or(is_event) as has_event,
        bool_or(not is_event) as is_marketed
    from reached
    group by product_id, month
),

flagged as (
    select
        neighbours.*,
        case
            when coverage_finding is not null then 'partial_month'
            when is_over then null
            when is_sales and lowest_stock <= 0 and quantity < 0.5 * expected then 'stock_out'
            when quantity < 0 then 'negative'
            when
                months_of_history >= $hampel_months
                and zero_share <= 0.25
                and abs(distance) > if(is_newest, 2, 1)
                and not has_company
                then case
                    when announced.has_event then 'event'
                    when distance > 0 and announced.is_marketed then 'promotion'
                    else 'outlier'
                end
        end as flag
    from neighbours
    left join announced on neighbours.product_id = announced.product_id and neighbours.month = announced.month
)

select
    product_id,
    month,
    quantity,
    inherited,
    flag,
    case
        when flag is null or flag = 'event' then quantity
        when flag = 'partial_month' and covered_share >= $least_coverage then greatest(quantity, 0) / covered_share
        when flag = 'negative' then greatest(quantity + returned, 0)
        when expected is null then greatest(quantity, 0)
        else expected
    end::decimal(28, 4) as cleansed,
    if(flag in ('stock_out', 'promotion', 'event', 'outlier'), expected, null)::decimal(28, 4) as expected,
    if(flag = 'outlier', abs(distance) / if(is_newest, 2, 1), null) as limits_away,
    if(flag = 'partial_month', coverage_finding, null) as coverage,
    if(flag = 'partial_month', edge_day, null) as edge_day,
    if(flag = 'partial_month', covered, null) as covered_days,
    if(flag = 'partial_month', trading, null) as trading_days,
    if(flag = 'partial_month', if(covered_share >= $least_coverage, 'scaled_up', 'expected'), null) as remedy
from flagged
order by product_id, month
