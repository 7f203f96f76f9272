-- one row per row the cycle cannot know yet: dated on or after the cut-off, or recorded on or after the deadline
select rows.id
from rows
where
    {% if own_date %}coalesce(rows.{{ own_date }} >= $own_limit, false)
    or {% endif %}coalesce(rows.recorded_on >= $recorded_limit, false)
