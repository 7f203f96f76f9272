-- grain: one row: how often each default of the demand step was used
-- reads: demand_inputs, demand_history, product_lifecycle, inventory
-- binds: $cycle_month date, $last_month date, $input_deadline date, $default_family varchar, $seasonal_months bigint
-- binds: $new_months bigint
with entries as (
    select
        coalesce(product_id, family) as item_id,
        case when product_id is not null then 'product' else 'family' end as kind,
        product_id is null and family is null as is_company,
        change_units is null and change_pct is null and replace_units is null as is_blank,
        coalesce(month_to, month_from) >= $cycle_month as is_ahead,
        month_from > $last_month or month_to < month_from as is_of_no_month
    from demand_inputs
    where coalesce(recorded_on < $input_deadline, true)
),

planned_items as (
    select
        'product' as kind,
        product_id as item_id
    from product_lifecycle
    union all
    select
        'family' as kind,
        family as item_id
    from product_lifecycle
),

products_with_history as (
    select distinct
        product_id,
        signal
    from demand_history
),

first_never_sold as (
    select product_id
    from product_lifecycle
    where status = 'never_sold'
    order by product_id
    limit 12
),

launches as (
    select
        scale_pct,
        ramp_months,
        probability
    from product_lifecycle
    where status = 'launching' and launch_month is not null
)

select
    (select count(*) from product_lifecycle where status = 'never_sold') as never_sold,
    (select coalesce(string_agg(product_id, ', ' order by product_id), '') from first_never_sold) as never_sold_names,
    (select count(*) from product_lifecycle where status = 'ended' and discontinued_on is null) as ended_unsaid,
    (select count(*) from product_lifecycle where status = 'ended' and successor_id is not null) as handed_over,
    (select count(*) from product_lifecycle where family = $default_family) as without_family,
    (select count(*) from products_with_history where signal = 'production') as from_production,
    (
        select count(*)
        from products_with_history
        where signal = 'production' and product_id not in (select product_id from inventory)
    ) as production_without_stock,
    (
        select count(*)
        from products_with_history
        where signal = 'sales' and product_id not in (select product_id from inventory)
    ) as sales_without_stock,
    (
        select count(*)
        from product_lifecycle
        where status not in ('ended', 'never_sold') and history_months between 1 and $seasonal_months - 1
    ) as short_history,
    (
        select count(*)
        from product_lifecycle
        where status not in ('ended', 'never_sold') and history_months between 1 and $new_months - 1
    ) as very_short_history,
    (select count(*) from launches where scale_pct is null) as without_scale,
    (select count(*) from launches where ramp_months is null) as without_ramp,
    (select count(*) from launches where probability < 1) as uncertain_launches,
    (
        select count(*)
        from entries
        where
            is_ahead
            and not is_company
            and not exists (
                select 1
                from planned_items
                where planned_items.kind = entries.kind and planned_items.item_id = entries.item_id
            )
    ) as unknown_entries,
    (select count(*) from entries where is_blank) as blank_entries,
    (select count(*) from entries where is_of_no_month) as entries_of_no_month,
    (select count(*) from demand_inputs) as entries
