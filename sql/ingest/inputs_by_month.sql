-- grain: one row per entry of a stream and month, entries that replace the forecast of one item taken together
-- Units are shared by day; a percentage counts for its share of the month's days. What replaces a part of a month takes
-- off that part of the forecast and adds the units, so that the other days stay as they are. Of two that replace a day
-- the one recorded last counts, else the later one.
-- reads: input_rows, unit_days, month_days
with shared as (
    select
        input_rows.*,
        unit_days.day,
        unit_days.number,
        unit_days.of as of_days,
        unit_days.is_worked,
        date_trunc('month', unit_days.day)::date as in_month
    from input_rows
    inner join unit_days on input_rows.id = unit_days.id
    where input_rows.covers > 0
    qualify
        input_rows.replace_units is null
        or row_number() over (
            partition by
                lower(trim(input_rows.stream)), input_rows.product_id, input_rows.family, unit_days.day,
                input_rows.replace_units is null
            order by input_rows.recorded_on desc nulls last, input_rows.id desc
        ) = 1
),

together as (
    select
        *,
        case
            when replace_units is null then id
            else min(id) over (
                partition by lower(trim(stream)), product_id, family, in_month, replace_units is null
            )
        end as entry
    from shared
),

monthly as (
    select
        entry,
        in_month,
        {% for name in ['change_units', 'replace_units'] %}
        sum(
            (
                ({{ name }}::decimal(38, 4) * 10000)::hugeint * number // of_days
                - ({{ name }}::decimal(38, 4) * 10000)::hugeint * (number - 1) // of_days
            )::decimal(26, 0) * 1e-4::decimal({{ 4 + 1 }}, 4)
        )::decimal(28, 4) as {{ name }},
        {% endfor %}
        sum(change_pct) filter (where is_worked) as pct_days,
        count(change_pct) > 0 as has_pct,
        count(distinct day) filter (where is_worked) as days,
        arg_min(stream, id) as stream,
        arg_min(product_id, id) as product_id,
        arg_min(family, id) as family,
        string_agg(distinct reason, '; ' order by reason) as reason,
        string_agg(distinct owner, ', ' order by owner) as owner,
        string_agg(distinct cell, ', ' order by cell) as cell,
        arg_min(cycle, id) as cycle,
        max(recorded_on) as recorded_on
    from together
    group by entry, in_month
),

judged as (
    select
        monthly.*,
        month_days.worked,
        monthly.replace_units is not null and monthly.days < month_days.worked as is_part
    from monthly
    inner join month_days on monthly.in_month = month_days.month
)

select
    entry as id,
    stream,
    product_id,
    family,
    in_month as month_from,
    in_month as month_to,
    case when is_part then replace_units + coalesce(change_units, 0) else change_units end as change_units,
    case
        when is_part then -100 * days / worked + coalesce(pct_days / worked, 0)
        when has_pct then coalesce(pct_days / nullif(worked, 0), 0)
    end::decimal(28, 6) as change_pct,
    case when not is_part then replace_units end as replace_units,
    reason,
    owner,
    cell,
    cycle,
    recorded_on
from judged
union all by name
select
    id,
    stream,
    product_id,
    family,
    month_from,
    month_to,
    change_units,
    change_pct,
    replace_units,
    reason,
    owner,
    cell,
    cycle,
    recorded_on
from input_rows
where covers = 0
order by id, month_from
