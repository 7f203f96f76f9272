-- grain: one row per row the cycle cannot know yet: dated on or after the cut-off, or recorded on or after the deadline
-- reads: standing
-- binds: $own_limit date, $recorded_limit date
-- structure: {own_date: date}
-- structure: {own_date: null}
select standing.id
from standing
where
    coalesce(standing.recorded_on >= $recorded_limit, false)
    {% if own_date %}
    or coalesce(standing.{{ own_date }} >= $own_limit, false)
    {% endif %}
