-- grain: one row per row of an unknown name whose rows are the sums of the file's others, every month and amount
-- known holds the names that exist, unknown the rows that name another
-- reads: all_rows, set_aside, known, unknown = unknown_references
-- binds: $often bigint, $words varchar
-- structure: {item: product_id, date: date, measures: [quantity]}
with amounts as (
    select
        all_rows.file,
        {{ item }} as item,
        {% for measure in measures %}
        {{ measure }} as m{{ loop.index0 }},
        {% endfor %}
        {{ date }} as day
    from all_rows
    left join set_aside on all_rows.id = set_aside.id
    where set_aside.id is null or set_aside.status not in ('quarantined', 'total')
),

of_known as (
    select
        amounts.file,
        amounts.day,
        {% for measure in measures %}
        sum(amounts.m{{ loop.index0 }}) as m{{ loop.index0 }},
        {% endfor %}
        count(distinct amounts.item) as items
    from amounts
    inner join known on amounts.item = known.name
    group by amounts.file, amounts.day
),

of_name as (
    select
        amounts.file,
        amounts.item,
        {% for measure in measures %}
        sum(amounts.m{{ loop.index0 }}) as m{{ loop.index0 }},
        {% endfor %}
        amounts.day
    from amounts
    where amounts.item in (select value from unknown)
    group by amounts.file, amounts.item, amounts.day
),

judged as (
    select
        of_name.file,
        of_name.item,
        bool_and(
            (
                {% for measure in measures %}
                of_name.m{{ loop.index0 }} is not null{{ ' or ' if not loop.last }}
                {% endfor %}
            )
            {%- for measure in measures %}
            and (
                of_name.m{{ loop.index0 }} is null
                or coalesce(abs(of_name.m{{ loop.index0 }} - of_known.m{{ loop.index0 }}) <= 0.01, false)
            )
            {%- endfor %}
        ) as is_total,
        count(of_known.day) as days,
        count(*) filter (where of_known.items > 1) as days_of_several
    from of_name
    left join of_known on of_name.file = of_known.file and of_name.day = of_known.day
    group by of_name.file, of_name.item
)

select
    unknown.id,
    unknown.value
from unknown
inner join judged on unknown.value = judged.item and (unknown.id >> 48) = judged.file
where
    judged.is_total
    and judged.days > 0
    and (judged.days_of_several >= $often or regexp_full_match(judged.item, $words, 'i'))
