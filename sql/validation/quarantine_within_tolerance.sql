-- grain: one row per table that lost more of its rows than tolerated
select
    "table",
    sum(rows_read) as rows_read,
    sum(rows_quarantined) as rows_quarantined,
    round(100 * sum(rows_quarantined) / nullif(sum(rows_read), 0), 2) as quarantined_pct
from source_files
group by all
having 100 * sum(rows_quarantined) > $tolerance_pct * sum(rows_read)
order by all
