-- grain: one row per series, run and period
-- Forecast proportions (Athanasopoulos, Ahmed and Hyndman 2009): on every step of the way down from the split level a
-- child takes its own forecast over the sum of its siblings'. Siblings that all forecast nothing share equally.
-- reads: base, nodes, memberships
-- Of two factors the order does not matter, of more (`deep`) they are multiplied from the top down.
-- binds: $split_level bigint
-- structure: {deep: true}
-- structure: {deep: false}
with steps as (
    select
        base.node_id,
        base.run,
        base.period,
        greatest(base.mean, 0)
        / nullif(sum(greatest(base.mean, 0)) over (partition by nodes.parent_id, base.run, base.period), 0) as share,
        1 / count(*) over (partition by nodes.parent_id, base.run, base.period) as equal_share
    from base
    inner join nodes using (node_id)
    where nodes.level_no > $split_level
)

select
    memberships.leaf_id,
    steps.run,
    steps.period,
    {% if deep %}
    list_product(list(coalesce(steps.share, steps.equal_share) order by memberships.level_no))::decimal(38, 18) as share
    {% else %}
    product(coalesce(steps.share, steps.equal_share))::decimal(38, 18) as share
    {% endif %}
from steps
inner join memberships using (node_id)
group by memberships.leaf_id, steps.run, steps.period
having count(*) = (select max(level_no) from nodes) - $split_level
