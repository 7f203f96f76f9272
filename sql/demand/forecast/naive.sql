-- Grain: one row per series, run and period of the backtest.
-- The seasonal naive of every series, added up like any approach: what a forecast must beat.
select
    base.node_id as leaf_id,
    base.run,
    base.period,
    base.seasonal_naive as mean
from base
inner join nodes on base.node_id = nodes.node_id
where nodes.level_no = (select max(level_no) from nodes) and base.run > 0
