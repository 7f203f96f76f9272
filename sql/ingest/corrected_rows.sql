-- one row per transaction that a correction replaces: same natural key, recorded later; a return never corrects a sale
with keyed as (
    select
        id,
        {{ key | join(', ') }},
        quantity < 0 as is_return,
        coalesce(recorded_on, date) as known_on
    from standing
),

latest as (
    select
        {{ key | join(', ') }},
        is_return,
        max(known_on) as known_on
    from keyed
    group by {{ key | join(', ') }}, is_return
    having min(known_on) < max(known_on)
)

select keyed.id
from keyed
inner join latest
    on
        keyed.is_return = latest.is_return
        and keyed.known_on < latest.known_on
        {% for name in key %}and keyed.{{ name }} is not distinct from latest.{{ name }}
        {% endfor %}
