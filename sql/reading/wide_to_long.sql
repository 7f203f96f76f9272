-- grain: one row per filled cell of a wide file: the kept columns, the heading, the value
-- whole is the source row and the heading as one text
-- reads: wide_cells, headings
-- binds: $drop_zeros boolean
-- structure: {kept: [0], melted: [1, 2], width: 3}
with unpivoted as (
    select
        row,
        {% for position in kept %}
        c{{ position }} as k{{ loop.index0 }},
        {% endfor %}
        concat_ws(
            chr(31),
            {% for position in range(width) %}
            coalesce(c{{ position }}, ''){{ "," if not loop.last }}
            {% endfor %}
        ) as whole,
        unnest([{{ melted | join(', ') }}]::bigint[]) as position,
        unnest([c{{ melted | join(', c') }}]::varchar[]) as value
    from wide_cells
)

select
    unpivoted.row,
    {% for position in kept %}
    unpivoted.k{{ loop.index0 }} as c{{ loop.index0 }},
    {% endfor %}
    headings.heading as c{{ kept | length }},
    unpivoted.value as c{{ kept | length + 1 }},
    headings.heading as cell,
    unpivoted.position,
    unpivoted.whole || chr(31) || headings.heading as whole
from unpivoted
inner join headings on unpivoted.position = headings.position
where
    nullif(trim(unpivoted.value), '') is not null
    and not ($drop_zeros and coalesce(try_cast(replace(unpivoted.value, ',', '.') as double) = 0, false))
order by unpivoted.row, unpivoted.position
