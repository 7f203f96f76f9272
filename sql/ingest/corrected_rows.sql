-- grain: one row per transaction that a correction replaces: same natural key, recorded later
-- a return never corrects a sale
-- the day is part of the key, so only keys with a row that says when it was recorded have an earlier and a later row
-- reads: standing
-- structure: {key: [date, product_id]}
with recorded as (
    select distinct {{ key | join(', ') }}
    from standing
    where recorded_on is not null
),

keyed as (
    select
        standing.id,
        {% for name in key %}
        standing.{{ name }},
        {% endfor %}
        standing.quantity < 0 as is_return,
        coalesce(standing.recorded_on, standing.date) as known_on
    from standing
    inner join recorded
        on
            standing.date = recorded.date
            {% for name in key %}
            and standing.{{ name }} is not distinct from recorded.{{ name }}
            {% endfor %}
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
        {% for name in key %}
        and keyed.{{ name }} is not distinct from latest.{{ name }}
        {% endfor %}
