-- one row per place: each column's different cells, one below the other, as trimmed text (blank is null), renamed
-- columns stand side by side without belonging together, short ones filled up with nulls; times_... counts a cell's rows
-- the test of the first and last letter spares clean cells the trim: it halves the time of a large file
{% macro tidy(cell) -%}
case
            when ascii({{ cell }}) between 33 and 126 and ascii(right({{ cell }}, 1)) between 33 and 126 then {{ cell }}
            else nullif(trim({{ cell }}, chr(32) || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)), '')
        end
{%- endmacro %}
with tidied as (
    select
        cells.place
        {%- for column in columns %},
        {{ tidy('cells."' ~ column.name ~ '"') }} as "{{ column.name }}",
        cells."times_{{ column.name }}"
        {%- endfor %}
    from cells
)

select
    tidied.place
    {%- for column in columns %},
    {% if column.renamed %}case when rename_{{ column.name }}.found is null then tidied."{{ column.name }}" else nullif(rename_{{ column.name }}.wanted, '') end{% else %}tidied."{{ column.name }}"{% endif %} as "{{ column.name }}",
    tidied."times_{{ column.name }}"
    {%- endfor %}
from tidied
{%- for column in columns if column.renamed %}
left join renames as rename_{{ column.name }}
    on rename_{{ column.name }}.our = '{{ column.name }}' and tidied."{{ column.name }}" = rename_{{ column.name }}.found
{%- endfor %}
