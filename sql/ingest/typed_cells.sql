-- one row per place of mapped_cells: each cell as text, in the registry's type, and the number of the first rule it breaks
{% set blanks = "('', '-', '--', '.', 'na', 'n/a', '#n/a', 'nan', 'nat', 'null', 'none')" %}
{% set other = ',' if mark == '.' else '.' %}
{% macro given(cell) %}case when ascii({{ cell }}) between 48 and 57 or lower({{ cell }}) not in {{ blanks }} then {{ cell }} end{% endmacro %}
{% macro bare(cell) %}translate({{ cell }}, chr(8722) || chr(160) || chr(8239) || chr(32) || '_$€£¥', '-'){% endmacro %}
with given as (
    select
        mapped.place
        {%- for column in columns %},
        {% if column.kind == 'text' %}mapped."{{ column.name }}"{% else %}{{ given('mapped."' ~ column.name ~ '"') }}{% endif %} as "{{ column.name }}"
        {%- if column.kind in ('date', 'month') %},
        mapped."day_{{ column.name }}"
        {%- endif %}
        {%- endfor %}
    from mapped
),

plain as (
    select
        given.*
        {%- for column in columns if column.is_number %}
        {%- set cell = 'given."' ~ column.name ~ '"' %},
        case
            when regexp_full_match({{ cell }}, '[-+]?[0-9]*[{{ mark }}]?[0-9]+')
                then {% if mark == '.' %}{{ cell }}{% else %}replace({{ cell }}, '{{ mark }}', '.'){% endif %}
            when
                regexp_matches({{ cell }}, '[0-9]')
                and regexp_full_match(
                    {{ bare(cell) }},
                    '[-+(]?([0-9]+|[0-9]{1,3}([{{ other }}''’][0-9]{2,3})*[{{ other }}''’][0-9]{3})?([{{ mark }}][0-9]*)?([eE][-+]?[0-9]{1,3})?%?[-)]?'
                )
                then
                    case when {{ bare(cell) }} like '(%)' or {{ bare(cell) }} like '%-' then '-' else '' end
                    || replace(translate(rtrim({{ bare(cell) }}, '-'), '{{ other }}''’()%+', ''), '{{ mark }}', '.')
        end as plain_{{ column.name }}
        {%- endfor %}
    from given
),

typed as (
    select
        plain.place
        {%- for column in columns %},
        plain."{{ column.name }}" as text_{{ column.name }},
        {% if column.kind == 'text' %}{% if column.one_of %}lower(plain."{{ column.name }}"){% else %}plain."{{ column.name }}"{% endif %}
        {%- elif column.kind == 'date' %}plain."day_{{ column.name }}"
        {%- elif column.kind == 'month' %}date_trunc('month', plain."day_{{ column.name }}")::date
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
)

select
    place
    {%- for column in columns %},
    text_{{ column.name }},
    "{{ column.name }}",
    {% if column.name in ruled %}case
        {% for rule in rules if rule.column == column.name %}when {{ rule.broken }} then {{ rule.number }}
        {% endfor %}end{% else %}null{% endif %}::bigint as broken_{{ column.name }}
    {%- endfor %}
from typed
