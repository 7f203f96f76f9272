-- grain: one row per approach, node, run and period. A view over the series and the sums of them, which have the same
-- columns.
-- reads: leaves, sums
select * from leaves
union all by name
select * from sums
