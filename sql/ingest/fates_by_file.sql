-- one row per file: how many of its rows met which fate
select
    all_rows.file,
    count(*) filter (where marks.fate is null) as used,
    count(*) filter (where marks.fate = 'duplicate') as duplicate,
    count(*) filter (where marks.fate = 'superseded') as superseded,
    count(*) filter (where marks.fate = 'later') as later,
    count(*) filter (where marks.fate = 'quarantined') as quarantined
from all_rows
left join marks on all_rows.id = marks.id
group by all_rows.file
