-- grain: one row per place of mapped_cells: the cell as text, in its column's type, and the first rule it breaks
-- mapped says of each cell its column's kind; a cell in its column's type stands in the column as_ and the kind
-- reads: mapped
-- structure: {mark: '.', kinds: [{name: text, type: varchar}, {name: date, type: date}, {name: month, type: date},
--   {name: flag, type: boolean}, {name: count, type: bigint}, {name: quantity, type: 'decimal(28, 4)'}],
--   rules: [{number: 0, column: quantity, broken: text is null}]}
{% set blanks = "('', '-', '--', '.', 'na', 'n/a', 'nan', 'nat', 'null', 'none')" %}
{% set other = ',' if mark == '.' else '.' %}
{% set groups = '[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}' if other == ',' else '[0-9]{1,3}([.][0-9]{3})+' %}
{% set whole = "([0-9]+|" ~ groups ~ "|[0-9]{1,3}( [0-9]{3})+|[0-9]{1,3}(''[0-9]{3})+|[0-9]{1,3}(’[0-9]{3})+)" %}
{% set number = whole ~ '?([' ~ mark ~ '][0-9]*)?([eE][-+]?[0-9]{1,3})? ?%?' %}
with given as (
    select
        place,
        our,
        times,
        kind,
        is_counted,
        is_share,
        is_listed,
        day,
        case
            when kind = 'text' or ascii(cell) between 48 and 57 or lower(cell) not in {{ blanks }} then cell
        end as text
    from mapped
),

told as (
    select
        *,
        is_counted and coalesce(regexp_full_match(text, '[-+]?[0-9]*[{{ mark }}]?[0-9]+'), false) as is_plain
    from given
),

spelt as (
    select
        *,
        case
            when not is_plain and is_counted and regexp_matches(text, '[0-9]')
                then
                    translate(
                        -- 12,- and 12.- are whole amounts, the dash stands for the cents
                        regexp_replace(text, '[.,] ?[-–—]{1,2}( ?[$€£¥])?$', '\1'),
                        chr(8722) || chr(160) || chr(8239) || chr(8201) || chr(8199) || chr(700) || chr(180) || '`‘',
                        '-    ’’’’'
                    )
        end as spelt
    from told
),

bare as (
    select
        *,
        regexp_replace(
            regexp_replace(spelt, '^([-+(]?) ?[$€£¥]? ?', '\1'), ' ?[$€£¥]? ?([-)]?)$', '\1'
        ) as bare
    from spelt
),

plain as (
    select
        *,
        case
            when is_plain then {% if mark == '.' %}text{% else %}replace(text, '{{ mark }}', '.'){% endif %}
            when regexp_full_match(bare, '[-+]?{{ number }}|[(]{{ number }}[)]|{{ number }}-')
                then
                    case when bare like '(%' or bare like '%-' then '-' else '' end
                    || replace(translate(rtrim(bare, '-'), '{{ other }} ''’()%+', ''), '{{ mark }}', '.')
        end as number
    from bare
),

typed as (
    select
        place,
        our,
        times,
        text,
        {% for kind in kinds %}
        case
            {% if kind.name == 'text' %}
            when kind = 'text' and is_listed then lower(text)
            when kind = 'text' then text
            {% elif kind.name == 'date' %}
            when kind = 'date' then day
            {% elif kind.name == 'month' %}
            when kind = 'month' then day
            {% elif kind.name == 'flag' %}
            when kind = 'flag' and lower(text) in ('true', 't', 'yes', 'y', '1', 'x') then true
            when kind = 'flag' and lower(text) in ('false', 'f', 'no', 'n', '0') then false
            {% elif kind.name == 'count' %}
            when kind = 'count' and try_cast(number as decimal(38, 10)) = try_cast(number as bigint)
                then try_cast(number as bigint)
            {% else %}
            when kind = '{{ kind.name }}' and is_share and text like '%\%' escape '\'
                then try_cast(try_cast(number as decimal(38, 10)) / 100 as {{ kind.type }})
            when kind = '{{ kind.name }}' then try_cast(number as {{ kind.type }})
            {% endif %}
        end as as_{{ kind.name }},
        {% endfor %}
        number is not null as is_number
    from plain
)

select
    place,
    times,
    text,
    {% for kind in kinds %}
    as_{{ kind.name }},
    {% endfor %}
    case
        {% for rule in rules %}
        when our = '{{ rule.column }}' and {{ rule.broken }} then {{ rule.number }}
        {% endfor %}
        else null::bigint
    end as broken
from typed
order by place
