-- Grain: one row per parent node and period.
-- The mean seasonal profile of a parent's children, as a relative deviation from their level, known at the end of that
-- period. Lists are averaged in the order of the nodes: a sum of doubles must not depend on the thread that found them.
with relative as (
    select
        nodes.parent_id,
        fits.first_period + fits.cutoff - 1 as known_period,
        fits.node_id,
        list_transform(
            seasonal_profiles.profile,
            lambda v: if(fits.in_logs, exp(v) - 1, coalesce(v / nullif(list_avg(fits.x[1:fits.cutoff]), 0), 0))
        ) as profile
    from seasonal_profiles
    inner join fits using (node_id, cutoff)
    inner join nodes using (node_id)
),

gathered as (
    select
        parent_id,
        known_period,
        list(profile order by node_id) as profiles
    from relative
    group by parent_id, known_period
)

select
    parent_id,
    known_period,
    list_transform(
        range(1, $season + 1),
        lambda p: list_avg(list_transform(profiles, lambda profile: profile[p]))
    ) as profile
from gathered
