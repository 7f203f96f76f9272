-- Grain: one row per approach, level, item and lag; item 'all' is the whole level.
-- METHODS 3, error = forecast - actual. Sums are decimal, so no figure depends on the order of its terms; a measure whose
-- denominator is zero is null.
with scaled as (
    select
        coherent.approach,
        nodes.level_no,
        nodes.level,
        nodes.item_id,
        coherent.lag,
        coherent.mean - coherent.actual as error,
        coherent.actual,
        coverage.covered,
        -- least() skips null, so nothing to scale by must be asked first
        case
            when naive_scale.absolute > 0
                then least(abs(coherent.mean - coherent.actual) / naive_scale.absolute, 1e9)::decimal(28, 12)
        end as scaled,
        case
            when naive_scale.squared > 0
                then least((coherent.mean - coherent.actual)::double ** 2 / naive_scale.squared, 1e9)::decimal(28, 12)
        end as scaled_squared,
        (200 * abs(coherent.mean - coherent.actual)::double / nullif(abs(coherent.mean) + abs(coherent.actual), 0))
            ::decimal(28, 12) as relative
    from coherent
    inner join nodes using (node_id)
    left join naive_scale using (node_id)
    left join coverage using (approach, node_id, run, lag)
    where coherent.run > 0
)

select
    approach::varchar as approach,
    level,
    {% if by_item %}coalesce(item_id, 'all'){% else %}'all'{% endif %} as item_id,
    lag::bigint as lag,
    count(*) as n,
    sum(abs(error))::double / nullif(sum(abs(actual)), 0)::double as wmape,
    sum(error)::double / nullif(sum(abs(actual)), 0)::double as bias,
    sum(error)::double / nullif(sum(abs(error))::double / count(*), 0) as tracking_signal,
    sum(scaled)::double / nullif(count(scaled), 0) as mase,
    sqrt(sum(scaled_squared)::double / nullif(count(scaled_squared), 0)) as rmsse,
    sum(relative)::double / nullif(count(relative), 0) as smape,
    count(*) filter (where covered)::double / nullif(count(covered), 0) as coverage
from scaled
group by grouping sets (
    (scaled.approach, level_no, level, lag){% if by_item %}, (scaled.approach, level_no, level, lag, item_id){% endif %}

)
order by scaled.approach, level_no, item_id, lag
