-- grain: one row per product that carries demand, and month
-- what the months around it let expect, and how far it lies from that on the deseasonalised series (Hampel 1974); the
-- spread is that of the months around it, at least that of the whole series, since thirteen months are few to tell one
-- reads: demand_rates, seasonal_indices
with deseasonalised as (
    select
        rates.*,
        indices.seasonal_index,
        rates.per_day / indices.seasonal_index as level_per_day
    from demand_rates as rates
    inner join seasonal_indices as indices
        on rates.product_id = indices.product_id and month(rates.month) = indices.calendar_month
),

windows as (
    select
        *,
        list_filter(list(level_per_day) over near, lambda x: x is not null) as around,
        count(*) over (partition by product_id) as months_of_history,
        month = max(month) over (partition by product_id) as is_newest
    from deseasonalised
    window near as (partition by product_id order by month rows between 6 preceding and 6 following)
),

levels as (
    select
        *,
        list_aggregate(around, 'median') as median_per_day,
        len(list_filter(around, lambda x: x = 0)) / greatest(len(around), 1) as zero_share
    from windows
)

select
    product_id,
    family,
    month,
    quantity,
    returned,
    inherited,
    lowest_stock,
    is_over,
    is_sales,
    covered_share,
    covered,
    trading,
    coverage_finding,
    edge_day,
    months_of_history,
    is_newest,
    level_per_day,
    median_per_day,
    zero_share,
    median_per_day * seasonal_index * working_days as expected,
    1.4826 * greatest(
        list_aggregate(list_transform(around, lambda x: abs(x - median_per_day)), 'median'),
        median(abs(level_per_day - median_per_day)) over (partition by product_id)
    ) as spread
from levels
order by product_id, month
