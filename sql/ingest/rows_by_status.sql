-- grain: one row per file: how many of its rows have which status
-- reads: all_rows, set_aside
select
    all_rows.file,
    count(*) filter (where set_aside.status is null) as used,
    count(*) filter (where set_aside.status = 'duplicate') as duplicate,
    count(*) filter (where set_aside.status = 'superseded') as superseded,
    count(*) filter (where set_aside.status = 'later') as later,
    count(*) filter (where set_aside.status = 'total') as total,
    count(*) filter (where set_aside.status = 'quarantined') as quarantined
from all_rows
left join set_aside on all_rows.id = set_aside.id
group by all_rows.file
