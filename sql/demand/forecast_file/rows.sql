-- grain: one row per line of the file
-- Text of an analyst's file read as periods and numbers; what cannot be read is null beside the text it came from.
-- reads: lines
-- binds: $months_per_period bigint
-- structure: {id: column_0, date: column_1, value: column_2, groups: [column_3]}
with numbered as (
    select
        row_number() over () + 1 as line,
        trim({{ id }}) as unique_id,
        {% for group in groups %}
        trim({{ group }}) as group_{{ loop.index }},
        {% endfor %}
        trim({{ date }}) as date_text,
        trim({{ value }}) as value_text
    from lines
),

read as (
    select
        *,
        case
            when regexp_full_match(date_text, '\d{4}\s*-?\s*[Qq][1-4]')
                then make_date(date_text[:4]::bigint, 3 * date_text[-1]::bigint - 2, 1)
            when regexp_full_match(date_text, '[Qq][1-4][\s/-]*\d{4}')
                then make_date(date_text[-4:]::bigint, 3 * date_text[2]::bigint - 2, 1)
            else try_strptime(
                -- of a point in time the day is what counts
                regexp_replace(date_text, '[ T]\d{1,2}:\d{2}.*$', ''),
                [
                    '%Y-%m-%d', '%Y-%m', '%Y/%m/%d', '%Y/%m', '%Y%m%d', '%Y%m', '%YM%m', '%d.%m.%Y', '%m.%Y', '%m/%Y',
                    '%b %Y', '%b-%Y', '%B %Y', '%Y %b'
                ]
            )::date
        end as day,
        try_cast(value_text as double) as y
    from numbered
)

select
    *,
    (year(day) * 12 + month(day) - 1) // $months_per_period as period,
    (month(day) - 1) % $months_per_period as month_in_period
from read
order by line
