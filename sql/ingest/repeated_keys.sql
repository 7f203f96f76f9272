-- grain: one row per row of a keyed table that another row of its key replaces, and why
-- duplicate, superseded or contradicted; the row recorded last stays, among equals the one that stands last
-- a blank recorded_on is the oldest
-- reads: standing
-- structure: {key: [product_id], others: [quantity], known_on: recorded_on}
with ranked as (
    select
        id,
        {{ known_on }} as known_on,
        md5(
            concat_ws(
                chr(31),
                {% for name in others %}
                coalesce({{ name }}::varchar, chr(30)){{ "," if not loop.last }}
                {% endfor %}
            )
        ) as says,
        row_number() over (partition by {{ key | join(', ') }} order by {{ known_on }} desc, id desc) as place,
        {{ key | join(', ') }}
    from standing
),

kept as (
    select
        known_on,
        says,
        {{ key | join(', ') }}
    from ranked
    where place = 1
)

select
    ranked.id,
    ranked.{{ key[0] }}::varchar as value,
    case
        when ranked.says = kept.says and ranked.known_on = kept.known_on then 'duplicate'
        when ranked.known_on < kept.known_on then 'superseded'
        else 'contradicted'
    end as status
from ranked
inner join kept
    on
        ranked.place > 1
        {% for name in key %}
        and ranked.{{ name }} is not distinct from kept.{{ name }}
        {% endfor %}
