-- grain: one row per approach, series, run and period, of the approaches that are not a column of `base`
-- `spread` names them, each a table of its own; names are one byte long and sort by the alphabet.
-- reads: base, middle_out = split, reconciled
-- structure: {spread: [middle_out, reconciled]}
-- structure: {spread: []}
select
    null::approach_name as approach,
    node_id as leaf_id,
    run,
    period,
    mean
from base
where false
{% for name in spread %}
union all
select
    '{{ name }}'::approach_name as approach,
    leaf_id,
    run,
    period,
    mean
from {{ name }}
{% endfor %}
