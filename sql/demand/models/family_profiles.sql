-- grain: one row per parent node and period
-- The mean seasonal profile of a parent's children, as a share of their level, known at the end of that period. Lists
-- are averaged in the order of the nodes: a sum of doubles must not depend on the thread that found them.
-- reads: seasonal_profiles, nodes
-- binds: $season bigint
with gathered as (
    select
        nodes.parent_id,
        seasonal_profiles.known_period,
        list(seasonal_profiles.relative_profile order by seasonal_profiles.node_id) as profiles
    from seasonal_profiles
    inner join nodes using (node_id)
    where nodes.parent_id is not null
    group by nodes.parent_id, seasonal_profiles.known_period
)

select
    parent_id,
    known_period,
    list_transform(
        range(1, $season + 1),
        lambda p: list_avg(list_transform(profiles, lambda profile: profile[p]))
    ) as profile
from gathered
