-- grain: one row per approach, level, item and lag; item 'all' is the whole level
-- METHODS 3, error = forecast - actual. Sums are decimal, so no figure depends on the order of its terms; a measure
-- whose denominator is zero is null.
-- reads: coherent, nodes, naive_scale, coverage, judged_from
-- binds: $judged_lag bigint
-- structure: {by_item: true}
-- structure: {by_item: false}
with errors as (
    select
        coherent.approach,
        nodes.level_no,
        nodes.level,
        nodes.item_id,
        coherent.lag,
        coherent.actual,
        coherent.mean - coherent.actual as error,
        abs(coherent.mean - coherent.actual)::double as size,
        (abs(coherent.mean) + abs(coherent.actual))::double as sizes,
        naive_scale.absolute,
        naive_scale.squared
    from coherent
    inner join nodes using (node_id)
    left join naive_scale using (node_id)
    inner join judged_from using (node_id)
    where coherent.run > 0 and (coherent.lag > $judged_lag or coherent.period >= judged_from.from_period)
),

covered as (
    select
        coverage.approach,
        nodes.level_no,
        {% if by_item %}nodes.item_id{% else %}null::varchar{% endif %} as item_id,
        coverage.lag,
        count(*) filter (where coverage.covered)::double / nullif(count(coverage.covered), 0) as coverage
    from coverage
    inner join nodes using (node_id)
    inner join judged_from using (node_id)
    where coverage.lag > $judged_lag or coverage.run + coverage.lag >= judged_from.from_period
    group by grouping sets (
        (coverage.approach, nodes.level_no, coverage.lag)
        {% if by_item %}, (coverage.approach, nodes.level_no, coverage.lag, nodes.item_id){% endif %}

    )
),

scaled as (
    select
        approach,
        level_no,
        level,
        item_id,
        lag,
        actual,
        error,
        scaled_error(size, absolute) as scaled,
        scaled_error(size * size, squared) as scaled_squared,
        (200 * size / nullif(sizes, 0))::decimal(28, 12) as relative
    from errors
),

measured as (
    select
        approach,
        level_no,
        level,
        {% if by_item %}item_id{% else %}null::varchar{% endif %} as item_id,
        lag,
        count(*) as n,
        sum(abs(error))::double as absolute_error,
        sum(error)::double as error,
        sum(abs(actual))::double as absolute_actual,
        mase(scaled) as mase,
        rmsse(scaled_squared) as rmsse,
        sum(relative)::double / nullif(count(relative), 0) as smape
    from scaled
    group by grouping sets (
        (approach, level_no, level, lag){% if by_item %}, (approach, level_no, level, lag, item_id){% endif %}

    )
)

select
    measured.approach::varchar as approach,
    measured.level,
    coalesce(measured.item_id, 'all') as item_id,
    measured.lag::bigint as lag,
    measured.n,
    wmape(measured.absolute_error, measured.absolute_actual) as wmape,
    bias(measured.error, measured.absolute_actual) as bias,
    tracking_signal(measured.error, measured.absolute_error, measured.n) as tracking_signal,
    measured.mase,
    measured.rmsse,
    measured.smape,
    covered.coverage
from measured
left join covered
    on
        measured.approach = covered.approach
        and measured.level_no = covered.level_no
        and measured.lag = covered.lag
        and measured.item_id is not distinct from covered.item_id
order by measured.approach, measured.level_no, item_id, measured.lag
