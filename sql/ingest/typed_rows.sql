-- one row per source row: our columns in the registry's types, and the number of the first rule the row breaks (or null)
{% set blanks = "('', '-', '--', '.', 'na', 'n/a', '#n/a', 'nan', 'nat', 'null', 'none')" %}
{% set other = ',' if mark == '.' else '.' %}
{% macro given(name) %}case when lower(mapped."{{ name }}") not in {{ blanks }} then mapped."{{ name }}" end{% endmacro %}
with given as (
    select
        mapped.row,
        mapped.cell,
        mapped.position,
        mapped.whole,
        mapped.extra
        {%- for column in columns %},
        {% if column.kind == 'text' %}mapped."{{ column.name }}"{% else %}{{ given(column.name) }}{% endif %} as "{{ column.name }}"
        {%- endfor %}
    from mapped
),

bare as (
    select
        given.*
        {%- for column in columns if column.is_number %},
        translate(given."{{ column.name }}", chr(8722) || chr(160) || chr(8239) || chr(32) || '_$€£¥', '-') as bare_{{ column.name }}
        {%- endfor %}
    from given
),

plain as (
    select
        bare.* exclude (row)
        {%- for column in columns if column.is_number %},
        case
            {% if mark == '.' %}when regexp_full_match(bare_{{ column.name }}, '[-+]?[0-9]*[.]?[0-9]+') then bare_{{ column.name }}
            {% endif %}when regexp_full_match(
                bare_{{ column.name }},
                '[-+(]?([0-9]+|[0-9]{1,3}([{{ other }}''’][0-9]{2,3})*[{{ other }}''’][0-9]{3})?([{{ mark }}][0-9]*)?([eE][-+]?[0-9]{1,3})?%?[-)]?'
            ) and regexp_matches(bare_{{ column.name }}, '[0-9]')
                then
                    case when bare_{{ column.name }} like '(%)' or bare_{{ column.name }} like '%-' then '-' else '' end
                    || replace(translate(rtrim(bare_{{ column.name }}, '-'), '{{ other }}''’()%+', ''), '{{ mark }}', '.')
        end as plain_{{ column.name }}
        {%- endfor %},
        bare.row
    from bare
),

typed as (
    select
        plain.row,
        plain.cell,
        plain.position,
        plain.whole,
        plain.extra
        {%- for column in columns %},
        plain."{{ column.name }}" as text_{{ column.name }},
        {% if column.kind == 'text' %}{% if column.one_of %}lower(plain."{{ column.name }}"){% else %}plain."{{ column.name }}"{% endif %}
        {%- elif column.kind == 'date' %}dates_{{ column.name }}.day
        {%- elif column.kind == 'month' %}date_trunc('month', dates_{{ column.name }}.day)::date
        {%- elif column.kind == 'flag' %}case
            when lower(plain."{{ column.name }}") in ('true', 't', 'yes', 'y', '1', 'x') then true
            when lower(plain."{{ column.name }}") in ('false', 'f', 'no', 'n', '0') then false
        end
        {%- elif column.kind == 'count' %}case
            when try_cast(plain.plain_{{ column.name }} as decimal(38, 10)) = try_cast(plain.plain_{{ column.name }} as bigint)
                then try_cast(plain.plain_{{ column.name }} as bigint)
        end
        {%- elif column.is_share %}case
            when plain."{{ column.name }}" like '%\%' escape '\'
                then try_cast(try_cast(plain.plain_{{ column.name }} as decimal(38, 10)) / 100 as {{ column.type }})
            else try_cast(plain.plain_{{ column.name }} as {{ column.type }})
        end
        {%- else %}try_cast(plain.plain_{{ column.name }} as {{ column.type }})
        {%- endif %} as "{{ column.name }}"
        {%- if column.is_number %},
        plain.plain_{{ column.name }} is not null as is_number_{{ column.name }}
        {%- endif %}
        {%- endfor %}
    from plain
    {%- for column in columns if column.kind in ('date', 'month') %}
    left join dates as dates_{{ column.name }}
        on dates_{{ column.name }}.our = '{{ column.name }}' and plain."{{ column.name }}" = dates_{{ column.name }}.found
    {%- endfor %}
)

select
    row,
    cell,
    position,
    whole,
    extra,
    case
        {% for rule in rules %}when {{ rule.broken }} then {{ loop.index0 }}
        {% endfor %}end as broken,
    case
        {% for rule in rules %}when {{ rule.broken }} then text_{{ rule.column }}
        {% endfor %}end as broken_value
    {%- for column in columns %},
    "{{ column.name }}"
    {%- endfor %}
from typed
