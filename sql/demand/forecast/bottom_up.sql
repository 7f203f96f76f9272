-- Grain: one row per series, run and period.
-- Bottom-up: every series keeps its own forecast.
select
    base.node_id as leaf_id,
    base.run,
    base.period,
    base.mean
from base
inner join nodes on base.node_id = nodes.node_id
where nodes.level_no = (select max(level_no) from nodes)
