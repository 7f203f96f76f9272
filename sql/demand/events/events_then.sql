-- grain: one row per run, level, item, kind and month: the size of the event, as the run knew it
-- of several rows of one item, kind and month the one recorded last counts, whatever it replaces; what has no day was
-- always known. Products that are not forecast, and families without any, have no events here.
-- reads: demand_events, event_runs, product_lifecycle, whole_series
-- binds: $company varchar, $last_month date
-- meant: range join of events with the runs, a dozen or two: each knows those recorded before it
with months as (
    select
        case
            when product_id is not null then 'product'
            when family is not null then 'family'
            else 'company'
        end as level,
        coalesce(product_id, family, $company) as item_id,
        lower(trim(kind)) as kind,
        unnest(
            generate_series(month_from, least(coalesce(month_to, month_from), $last_month::date), interval 1 month)
        )::date as month,
        coalesce(size::double, 1) as size,
        recorded_on
    from demand_events
),

forecast_products as (
    select distinct
        series.unique_id as product_id,
        lifecycle.family
    from whole_series as series
    inner join product_lifecycle as lifecycle on series.unique_id = lifecycle.product_id
),

items as (
    select
        'product' as level,
        product_id as item_id
    from forecast_products
    union all
    select distinct
        'family' as level,
        family as item_id
    from forecast_products
    union all
    select
        'company' as level,
        $company as item_id
),

ranked as (
    select
        runs.origin,
        months.*,
        row_number() over (
            partition by runs.origin, months.level, months.item_id, months.kind, months.month
            order by months.recorded_on desc nulls last, months.size desc
        ) as place
    from months
    inner join items on months.level = items.level and months.item_id = items.item_id
    inner join event_runs as runs on coalesce(months.recorded_on < runs.known_before, true)
)

select
    origin,
    level,
    item_id,
    kind,
    month,
    size
from ranked
where place = 1 and size <> 0
order by origin nulls first, level, item_id, kind, month
