-- grain: one row per product and month that one stream changes at one level (1 company, 2 family, 3 product)
-- at one level: a replacement first (of several, the one recorded last), then percentages added up, then units added
-- up; spread in proportion to what stands there; where nothing does, to what stood before people changed it, else
-- equally over what can be sold; never below zero
-- units are those of the level; where it has none (METHODS 1) only percentages can be spread, and that is said
-- reads: entries, amounts = statistical_amounts, portfolio_amounts = statistical_amounts, demand_units
-- binds: $stream varchar, $level_no bigint
with ranked as (
    select
        *,
        row_number() over (
            partition by item_id, month
            order by replace_units is null asc, recorded_on desc nulls last, replace_units desc, owner asc, reason asc
        ) as position,
        replace_units is null or position = 1 as is_taken,
        not is_taken as is_overridden
    from entries
    where stream = $stream and level_no = $level_no
),

units as (
    select
        product_id,
        case $level_no when 3 then 1 when 2 then family_equivalent else company_equivalent end as equivalent
    from demand_units
),

wanted as (
    select
        item_id,
        month,
        max(if(position = 1, replace_units, null)) as replace_units,
        sum(change_pct) as change_pct,
        sum(change_units) as change_units,
        string_agg(distinct reason, '; ' order by reason) filter (where is_taken) as reason,
        string_agg(distinct owner, ', ' order by owner) filter (where is_taken) as owner,
        string_agg(distinct cell, ', ' order by cell) filter (where is_taken) as cell,
        count(*) filter (where is_overridden) as overridden,
        string_agg(distinct owner, ', ' order by owner) filter (where is_overridden) as overridden_owner
    from ranked
    group by item_id, month
),

counted as (
    select
        amounts.*,
        units.equivalent,
        weighed(amounts.amount, coalesce(units.equivalent, 1)) as counted,
        weighed(portfolio_amounts.amount, coalesce(units.equivalent, 1)) as counted_before
    from amounts
    inner join portfolio_amounts
        on amounts.product_id = portfolio_amounts.product_id and amounts.month = portfolio_amounts.month
    inner join units
        on amounts.product_id = units.product_id
),

members as (
    select
        wanted.*,
        amounts.product_id,
        amounts.amount,
        amounts.equivalent,
        sum(amounts.counted) over of_item as total,
        bool_or(amounts.amount <> amounts.statistical) over of_item as was_changed,
        case
            when sum(amounts.counted) over of_item > 0
                then amounts.counted::double / (sum(amounts.counted) over of_item)::double
            when $level_no = 3 then 1
            when sum(amounts.counted_before) over of_item > 0
                then amounts.counted_before::double / (sum(amounts.counted_before) over of_item)::double
            when amounts.can_sell then 1 / count(*) filter (where amounts.can_sell) over of_item
            else 0
        end as weight
    from wanted
    inner join counted as amounts
        on
            wanted.month = amounts.month
            and case $level_no when 3 then amounts.product_id when 2 then amounts.family else '' end = wanted.item_id
    window of_item as (partition by wanted.item_id, wanted.month)
),

goals as (
    select
        *,
        (
            coalesce(if(equivalent is null, null, replace_units), total)::double * (1 + change_pct::double / 100)
            + if(equivalent is null, 0, change_units)::double
        )::decimal(28, 4) as goal,
        equivalent is null and (replace_units is not null or change_units <> 0) as has_no_unit
    from members
),

spread as (
    select
        *,
        (greatest(goal, 0)::double * weight)::decimal(28, 4) as share,
        row_number() over (partition by item_id, month order by weight desc, product_id asc) as position,
        sum(weight) over (partition by item_id, month) > 0 as can_be_spread
    from goals
),

exact as (
    select
        *,
        (
            share
            + if(position = 1, greatest(goal, 0) - sum(share) over (partition by item_id, month), 0)
        )::decimal(28, 4) as counted_after
    from spread
    where can_be_spread
),

taken_back as (
    select
        *,
        if(
            coalesce(equivalent, 1) = 1,
            greatest(counted_after, 0),
            greatest(counted_after, 0)::double / equivalent::double
        )::decimal(28, 4) as amount_after
    from exact
)

select
    $stream as stream,
    $level_no as level_no,
    product_id,
    month,
    amount as before,
    (amount_after - amount)::decimal(28, 4) as change,
    null::varchar as effect,
    null::varchar as other_product_id,
    null::double as effect_share,
    null::date as effective_on,
    null::double as sold_share,
    null::bigint as effects,
    reason,
    owner,
    cell,
    if(was_changed and replace_units is not null and not has_no_unit, total, null)::decimal(28, 4) as replaced,
    nullif(overridden, 0) as overridden,
    overridden_owner,
    has_no_unit as is_unit_left_out,
    if(goal < 0, -goal, null)::decimal(28, 4) as beyond
from taken_back
order by product_id, month
