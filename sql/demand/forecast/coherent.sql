-- Grain: one row per approach, node, run and period. A view over the series and the sums of them, which have the same
-- columns.
select * from leaves
union all by name
select * from sums
