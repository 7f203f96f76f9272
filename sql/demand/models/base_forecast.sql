-- Grain: one row per node, origin and lag.
-- The mean of the smoothing models, seasonalised and taken out of logs; for intermittent demand its rate. A path may
-- leave the range the history has moved in by no more than that range; demand that was never negative stays so; a whole
-- season of nothing is an end. Out of logs a centre becomes a median and stays one (docs/decisions/0010). The scale of
-- errors is one period's; of intermittent demand, whose errors grow slower than its rate, the root of rate times spread.
with gathered as (
    select
        origins.node_id,
        origins.origin,
        origins.periods,
        origins.newest,
        origins.origin_period,
        adjusted.first_phase,
        adjusted.in_logs,
        adjusted.never_negative,
        adjusted.is_intermittent,
        adjusted.is_erratic,
        origins.ended,
        adjusted.profile,
        2 * adjusted.lowest_z - adjusted.highest_z as floor_z,
        2 * adjusted.highest_z - adjusted.lowest_z as ceiling_z,
        intermittent_forecast.rate,
        sqrt(ses.sse / greatest(origins.cutoff - 1, 1)) as sigma,
        {% for model in models %}
        {{ model }}_forecast.forecasts as {{ model }},
        {% endfor %}
        seasonal_naive_forecast.forecasts as seasonal_naive
    from origins
    inner join adjusted using (node_id, cutoff)
    inner join ses using (node_id, cutoff)
    {% for model in models %}
    inner join {{ model }}_forecast using (node_id, origin)
    {% endfor %}
    inner join seasonal_naive_forecast using (node_id, origin)
    left join intermittent_forecast using (node_id, origin)
),

by_lag as (
    select
        * exclude (seasonal_naive, {{ models | join(", ") }}),
        unnest(range(0, $horizon)) as lag,
        {% for model in models %}
        unnest({{ model }}) as {{ model }},
        {% endfor %}
        unnest(seasonal_naive) as seasonal_naive
    from gathered
),

combined as (
    select
        *,
        profile[1 + (first_phase + origin + lag) % $season]
        + greatest(floor_z, least(ceiling_z, list_avg([{{ models | join(", ") }}]))) as z
    from by_lag
),

restored as (
    select
        *,
        case
            when ended then 0
            when rate is not null then rate
            when in_logs then exp(z)
            else z
        end as mean
    from combined
)

select
    node_id,
    newest,
    origin_period,
    lag,
    if(never_negative, greatest(mean, 0), mean) as mean,
    case
        when in_logs then sigma * mean
        when rate is not null then sqrt(sigma * greatest(rate, 0))
        else sigma
    end as error_scale,
    seasonal_naive,
    is_intermittent,
    is_erratic
from restored
where newest or origin + lag < periods
