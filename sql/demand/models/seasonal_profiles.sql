-- grain: one row per node and cutoff with at least two seasons of history
-- Classical additive decomposition (in logs: multiplicative) about a centred moving average. Under three seasons that
-- would leave too few months twice: there it is about the line, or the step, from the first year's mean to the last's,
-- whichever is nearer, so that neither a trend nor a step is taken for a season. How much the profile counts grows with
-- the autocorrelation of the detrended history at the seasonal lag: from nothing at `seasonal_from` standard errors to
-- all at `seasonal_full`; or with how far the months differ beyond their noise (variance ratio from `contrast_from` to
-- `contrast_full`), for that autocorrelation is small in short histories however clear the season. It is shrunk towards
-- none by its own noise as well (James-Stein; Miller and Williams 2003). At twice the full ratio a season is certain,
-- and accounts for periods without demand (`adjusted`). Phase 0 is the first month or quarter of the year. `years` are
-- sums over a season, from every period on; two of them make a centred moving average. `relative_profile` is the
-- profile as a share of the level, for products that have to borrow it.
-- reads: fits
-- binds: $season bigint, $seasonal_from double, $seasonal_full double, $contrast_from double, $contrast_full double
with lines as (
    select
        node_id,
        cutoff,
        first_phase,
        in_logs,
        first_period + cutoff - 1 as known_period,
        x[1:cutoff] as x,
        list_avg(x[1:cutoff]) as mean_x,
        (cutoff + 1) / 2 as mean_t,
        list_dot_product(range(1, cutoff + 1)::double[], x[1:cutoff]) as sum_tx
    from fits
    where cutoff >= 2 * $season
),

sloped as (
    select
        *,
        (sum_tx - cutoff * mean_t * mean_x) / (cutoff * (cutoff * cutoff - 1.0) / 12) as slope
    from lines
),

detrended as (
    select
        node_id,
        cutoff,
        first_phase,
        in_logs,
        known_period,
        mean_x,
        x,
        list_transform(range(1, cutoff + 1), lambda i: x[i] - mean_x - (i - mean_t) * slope) as residual,
        list_transform(range(1, cutoff - $season + 2), lambda i: list_sum(x[i:i + $season - 1])) as years
    from sloped
),

centred as (
    select
        *,
        list_dot_product(residual, residual) as sum_squares,
        cutoff < 3 * $season as is_short,
        if(is_short, 0, $season // 2) as skipped,
        list_transform(
            range(1, if(is_short, cutoff, 0) + 1),
            lambda i: x[i] - (
                years[1] + (i - ($season + 1) / 2) * (years[-1] - years[1]) / (cutoff - $season)
            ) / $season
        ) as off_line,
        list_transform(
            range(1, if(is_short, cutoff, 0) + 1),
            lambda i: x[i] - if(2 * i <= cutoff, years[1], years[-1]) / $season
        ) as off_step,
        case
            when not is_short
                then
                    list_transform(
                        range(1, cutoff - $season + 1),
                        lambda i: x[i + $season // 2] - (years[i] + years[i + 1]) / (2 * $season)
                    )
            when list_dot_product(off_line, off_line) <= list_dot_product(off_step, off_step) then off_line
            else off_step
        end as ratio
    from detrended
),

autocorrelated as (
    select
        node_id,
        cutoff,
        first_phase,
        in_logs,
        known_period,
        mean_x,
        is_short,
        skipped,
        ratio,
        len(ratio) as ratios,
        list_transform(
            range(1, $season + 1),
            lambda k: coalesce(
                list_dot_product(residual[1:cutoff - k], residual[1 + k:cutoff]) / nullif(sum_squares, 0), 0
            )
        ) as r
    from centred
),

averaged as (
    select
        *,
        r[$season] / sqrt((1 + 2 * list_dot_product(r[1:$season - 1], r[1:$season - 1])) / cutoff) as standard_errors,
        list_transform(
            range(0, $season),
            lambda p: list_avg(ratio[1 + (p - first_phase - skipped + 2 * $season) % $season:ratios:$season])
        ) as raw
    from autocorrelated
),

levelled as (
    select
        *,
        list_avg(raw) as mean_raw
    from averaged
),

unexplained as (
    select
        *,
        list_transform(raw, lambda v: v - mean_raw) as contrast,
        list_transform(
            range(1, ratios + 1),
            lambda j: ratio[j] - raw[1 + (first_phase + skipped + j - 1) % $season]
        ) as error
    from levelled
),

noise as (
    select
        *,
        list_var_samp(contrast) as contrast_variance,
        list_dot_product(error, error) / greatest(ratios - $season - is_short::integer, 1)
        / (ratios / $season) as error_variance
    from unexplained
),

shrunk as (
    select
        *,
        coalesce(
            greatest(0, 1 - ($season - 3) / ($season - 1) * error_variance / nullif(contrast_variance, 0)), 0
        ) as weight,
        case
            when coalesce(contrast_variance, 0) = 0 then 0
            when error_variance = 0 then 'inf'::double
            else contrast_variance / error_variance
        end as variance_ratio,
        greatest(0, least(1, greatest(
            (standard_errors - $seasonal_from) / ($seasonal_full - $seasonal_from),
            (variance_ratio - $contrast_from) / ($contrast_full - $contrast_from)
        ))) as strength
    from noise
),

profiled as (
    select
        *,
        list_transform(contrast, lambda v: v * weight * strength) as profile
    from shrunk
)

select
    node_id,
    cutoff,
    known_period,
    strength,
    variance_ratio >= 2 * $contrast_full as is_certain,
    profile,
    list_transform(
        profile, lambda v: if(in_logs, exp(v) - 1, coalesce(v / nullif(mean_x, 0), 0))
    ) as relative_profile
from profiled
