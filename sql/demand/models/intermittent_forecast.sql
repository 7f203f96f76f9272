-- grain: one row per node and origin of intermittent demand
-- The mean of the chosen rates, the same for every lag. `year_mean` is the plain mean of the last season.
-- reads: origins, intermittent_states, adjusted
-- binds: $season bigint
-- structure: {models: [tsb, ses, croston_sba]}
with rates as (
    select
        origins.node_id,
        origins.origin,
        intermittent_states.states[origins.origin - origins.cutoff + 1].croston_sba as croston_sba,
        intermittent_states.states[origins.origin - origins.cutoff + 1].tsb as tsb,
        intermittent_states.states[origins.origin - origins.cutoff + 1].ses as ses,
        list_avg(adjusted.history[greatest(1, origins.origin - $season + 1):origins.origin]) as year_mean
    from origins
    inner join intermittent_states using (node_id, cutoff)
    inner join adjusted using (node_id, cutoff)
)

select
    node_id,
    origin,
    list_avg([{{ models | join(", ") }}]) as rate
from rates
