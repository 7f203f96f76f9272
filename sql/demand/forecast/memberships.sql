-- grain: one row per series and node above or at it
-- reads: ancestry, nodes
select
    leaf.node_id as leaf_id,
    nodes.node_id,
    nodes.level_no
from ancestry
inner join nodes using (level_no, item_id)
inner join nodes as leaf
    on ancestry.unique_id = leaf.item_id and leaf.level_no = (select max(level_no) from ancestry)
