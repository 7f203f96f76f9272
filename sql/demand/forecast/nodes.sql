-- grain: one row per node of the hierarchy: an item at a level, numbered from the top down in the order of their names
-- `ancestry` holds one row per series and level it belongs to, its own included; level 0 is the top.
-- reads: ancestry
with items as (
    select distinct
        level_no,
        level,
        item_id,
        parent_item_id
    from ancestry
),

numbered as (
    select
        *,
        (row_number() over (order by level_no, item_id) - 1)::integer as node_id
    from items
)

select
    child.node_id,
    child.level_no,
    child.level,
    child.item_id,
    parent.node_id as parent_id
from numbered as child
left join numbered as parent
    on child.level_no = parent.level_no + 1 and child.parent_item_id = parent.item_id
order by child.node_id
