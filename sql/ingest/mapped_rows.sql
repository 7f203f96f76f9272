-- one row per source row: our columns as trimmed text (blank is null), renamed values applied; extra holds unmapped cells
-- the test of the first and last letter spares clean cells the trim: it halves the time of a large file
{% macro tidy(cell) -%}
case
            when ascii({{ cell }}) between 33 and 126 and ascii(right({{ cell }}, 1)) between 33 and 126 then {{ cell }}
            else nullif(trim({{ cell }}, chr(32) || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)), '')
        end
{%- endmacro %}
with tidied as (
    select
        row,
        {% if is_wide %}cell{% else %}null::varchar{% endif %} as cell,
        {% if is_wide %}position{% else %}0::bigint{% endif %} as position,
        {% if is_wide %}whole{% else %}null::varchar{% endif %} as whole,
        {% if extras %}concat_ws(chr(31), {% for position in extras %}coalesce(c{{ position }}, ''){{ ', ' if not loop.last }}{% endfor %}){% else %}null::varchar{% endif %} as extra
        {%- for column in columns %},
        {% if column.constant %}{{ tidy('$constant_' ~ column.name) }}{% else %}{{ tidy('c' ~ column.position) }}{% endif %} as "{{ column.name }}"
        {%- endfor %}
    from cells
)

select
    tidied.row,
    tidied.cell,
    tidied.position,
    tidied.whole,
    tidied.extra
    {%- for column in columns %},
    {% if column.renamed %}case when rename_{{ column.name }}.found is null then tidied."{{ column.name }}" else nullif(rename_{{ column.name }}.wanted, '') end{% else %}tidied."{{ column.name }}"{% endif %} as "{{ column.name }}"
    {%- endfor %}
from tidied
{%- for column in columns if column.renamed %}
left join renames as rename_{{ column.name }}
    on rename_{{ column.name }}.our = '{{ column.name }}' and tidied."{{ column.name }}" = rename_{{ column.name }}.found
{%- endfor %}
