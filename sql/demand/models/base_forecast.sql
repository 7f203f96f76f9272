-- grain: one row per node, origin and lag
-- The mean of the smoothing models, seasonalised and taken out of logs; for intermittent demand its rate. A model's
-- path is level + (phi + phi^2 + ... + phi^(lag + 1)) * trend. A path may leave the range the history has moved in by
-- no more than that range; demand that was never negative stays so; a whole season of nothing is an end. Out of logs a
-- centre becomes a median, and the mean is `mean_ratio` times that, to the power `mean_share`; `to_median` is the way
-- back (docs/decisions/0010, 0036). The scale of errors is one period's; of intermittent demand, whose errors grow
-- slower than its rate, the root of rate times spread. `residuals`, where asked for, stand at lag 0.
-- reads: origins, adjusted, ses = ses_search, seasonal_naive_forecast, intermittent_forecast
-- reads: damped_forecast = trend_forecast, holt_forecast = trend_forecast, steady_theta_forecast = theta_forecast
-- reads: theta_forecast, residuals
-- binds: $season bigint, $mean_share double
-- structure: {models: [theta, steady_theta, damped, holt], residuals: true}
with gathered as (
    select
        origins.node_id,
        origins.cutoff,
        origins.origin,
        origins.newest,
        origins.origin_period,
        origins.lags,
        adjusted.first_phase + origins.origin as phase,
        adjusted.in_logs,
        adjusted.never_negative,
        adjusted.is_intermittent,
        adjusted.is_erratic,
        origins.ended,
        adjusted.shift_periods,
        adjusted.profile,
        adjusted.mean_ratio,
        2 * adjusted.lowest_z - adjusted.highest_z as floor_z,
        2 * adjusted.highest_z - adjusted.lowest_z as ceiling_z,
        intermittent_forecast.rate,
        sqrt(ses.sse / greatest(origins.cutoff - 1, 1)) as sigma,
        {% for model in models %}
        {{ model }}_forecast.level as {{ model }}_level,
        {{ model }}_forecast.trend as {{ model }}_trend,
        {{ model }}_forecast.phi as {{ model }}_phi,
        {% endfor %}
        seasonal_naive_forecast.repeated
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
        *,
        unnest(range(0, lags)) as lag
    from gathered
),

combined as (
    select
        *,
        profile[1 + (phase + lag) % $season] + greatest(floor_z, least(ceiling_z, (
            {% for model in models %}
            {{ model }}_level + {{ model }}_trend * case
                when {{ model }}_phi = 1 then lag + 1
                else {{ model }}_phi * (1 - {{ model }}_phi ** (lag + 1)) / (1 - {{ model }}_phi)
            end{{ " + " if not loop.last }}
            {% endfor %}
        ) / {{ models | length }})) as z
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
        end as median,
        if(in_logs and rate is null, mean_ratio ** $mean_share, 1) as to_mean
    from combined
)

select
    restored.node_id,
    restored.newest,
    restored.origin_period,
    restored.lag,
    if(restored.never_negative, greatest(restored.median, 0), restored.median) * restored.to_mean as mean,
    1 / restored.to_mean as to_median,
    case
        when restored.in_logs then restored.sigma * restored.median
        when restored.rate is not null then sqrt(restored.sigma * greatest(restored.rate, 0))
        else restored.sigma
    end as error_scale,
    restored.repeated[1 + restored.lag % len(restored.repeated)] as seasonal_naive,
    restored.is_intermittent,
    restored.shift_periods,
    {% if residuals %}
    residuals.residuals,
    {% endif %}
    restored.is_erratic
from restored
{% if residuals %}
left join residuals
    on restored.node_id = residuals.node_id and if(restored.lag = 0, restored.cutoff, null) = residuals.cutoff
{% endif %}
