-- grain: one row: how many rows of later files match an earlier file's row, and for how many of them a value does too
-- rows match in every column of the table; the values are those of columns nothing maps to
-- reads: standing
-- structure: {candidates: ['extra']}
with candidates as (
    select digest
    from standing
    group by digest
    having min(file) < max(file)
),

cells as (
    select
        standing.file,
        {% for cell in candidates %}
        {{ cell }} as value_{{ loop.index0 }},
        {% endfor %}
        standing.digest
    from standing
    inner join candidates on standing.digest = candidates.digest
),

firsts as (
    select
        *,
        {% for cell in candidates %}
        min(file) over (partition by digest, value_{{ loop.index0 }}) as first_file_{{ loop.index0 }},
        {% endfor %}
        min(file) over (partition by digest) as first_file
    from cells
)

select
    {% for cell in candidates %}
    count(*) filter (where first_file_{{ loop.index0 }} < file) as recurs_{{ loop.index0 }},
    {% endfor %}
    count(*) filter (where first_file < file) as matched
from firsts
