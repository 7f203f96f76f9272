-- grain: one row per row of one file that breaks a rule: its status, the column and value at fault, the reason
-- reads: all_rows, rules
-- binds: $file bigint
select
    all_rows.id,
    'quarantined' as status,
    rules.column_name,
    all_rows.broken_value as value,
    rules.reason
from all_rows
inner join rules on all_rows.broken = rules.broken
where all_rows.file = $file
