-- grain: one row per row of a table without a key, with an identity: what it says, and its count among its equals
-- rows whose digest stands in one file alone need no count: no other file can have sent them
-- reads: standing
-- structure: {cells: [date, product_id, quantity], kept: [date, product_id, quantity], recurring: [extra],
--   digest: 'hash(digest, extra)'}
with candidates as (
    select {{ digest }} as says
    from standing
    group by says
    having min(file) < max(file) or count(*) > 1
),

told as (
    select
        *,
        {{ digest }} as says
    from standing
),

counted as (
    select
        told.id,
        row_number() over (
            partition by
                told.file,
                {% for name in cells %}
                told.{{ name }},
                {% endfor %}
                {% for cell in recurring %}
                {{ cell }},
                {% endfor %}
                told.says
            order by told.id
        ) as occurrence
    from told
    inner join candidates on told.says = candidates.says
)

select
    told.id,
    told.file,
    {% for name in kept %}told.{{ name }},
    {% endfor %}    hash(told.says, coalesce(counted.occurrence, 1)) as identity
from told
left join counted on told.id = counted.id
