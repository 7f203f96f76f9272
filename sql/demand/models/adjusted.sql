-- grain: one row per node and cutoff
-- The deseasonalised history z, its outliers drawn in to `outlier_spread` robust deviations from a running median
-- (Hampel), taken at every fourth period. Under two seasons of history the profile is the family's (METHODS 3). Beyond
-- the cutoff the running median looks back only: nothing later than an origin may touch it. Demand is intermittent
-- when, up to its last, it comes every 1.32 periods or less often and by no season of its own, and erratic when the
-- squared coefficient of variation of its sizes is 0.49 or more: together the four patterns of Syntetos, Boylan and
-- Croston (2005).
-- `mean_ratio` is the history's mean over that of its logs, season by season, of z as the models see it: what a
-- forecast made in logs falls short of the mean (Duan's smearing, 1983), but for outliers, not expected again.
-- reads: fits, nodes, family_profiles, seasonal_profiles
-- binds: $season bigint, $outlier_spread double
with borrowed as (
    select
        fits.node_id,
        fits.cutoff,
        case
            when fits.in_logs then list_transform(family_profiles.profile, lambda v: ln(greatest(1 + v, 0.05)))
            else list_transform(family_profiles.profile, lambda v: v * list_avg(fits.x[1:fits.cutoff]))
        end as profile
    from fits
    inner join nodes using (node_id)
    asof inner join family_profiles
        on
            nodes.parent_id = family_profiles.parent_id
            and fits.first_period + fits.cutoff - 1 >= family_profiles.known_period
    where fits.cutoff < 2 * $season
),

profiled as (
    select
        fits.*,
        coalesce(
            seasonal_profiles.profile,
            borrowed.profile,
            list_transform(range(0, $season), lambda p: 0.0::double)
        ) as profile,
        coalesce(seasonal_profiles.is_certain, false) as is_seasonal
    from fits
    left join seasonal_profiles using (node_id, cutoff)
    left join borrowed using (node_id, cutoff)
),

deseasonalised as (
    select
        * exclude (x),
        list_transform(
            range(1, last_origin + 1), lambda i: x[i] - profile[1 + (first_phase + i - 1) % $season]
        ) as z,
        if(in_logs, history[1:cutoff], list_filter(history[1:cutoff], lambda v: v <> 0)) as demands
    from profiled
),

centred as (
    select
        *,
        list_transform(
            range(1, (last_origin + 7) // 4),
            lambda j: list_median(z[greatest(1, 4 * j - 8):least(4 * j + 5, greatest(4 * j - 3, cutoff))])
        ) as middles
    from deseasonalised
),

spread as (
    select
        *,
        1.4826 * list_median(
            list_transform(range(1, cutoff + 1), lambda i: abs(z[i] - middles[(i + 3) // 4]))
        ) as deviation
    from centred
),

drawn_in as (
    select
        * exclude (z),
        case
            when deviation > 0
                then list_transform(
                    range(1, last_origin + 1),
                    lambda i: greatest(
                        least(z[i], middles[(i + 3) // 4] + $outlier_spread * deviation),
                        middles[(i + 3) // 4] - $outlier_spread * deviation
                    )
                )
            else z
        end as z
    from spread
),

by_season as (
    select
        *,
        list_transform(
            range(0, if(in_logs, greatest(cutoff // $season, 1), 0)), lambda k: greatest(cutoff - k * $season, 1)
        ) as ends
    from drawn_in
)

select
    node_id,
    cutoff,
    last_origin,
    periods,
    first_period,
    first_phase,
    in_logs,
    never_negative,
    shift_periods,
    as_given,
    history,
    profile,
    z,
    coalesce(
        list_sum(list_transform(
            ends,
            lambda e: list_avg(list_transform(z[greatest(e - $season + 1, 1):e], lambda v: exp(v)))
        ))
        / list_sum(list_transform(ends, lambda e: exp(list_avg(z[greatest(e - $season + 1, 1):e])))),
        1
    ) as mean_ratio,
    list_min(z[1:cutoff]) as lowest_z,
    list_max(z[1:cutoff]) as highest_z,
    case
        when in_logs or not never_negative or is_seasonal or list_max(history[1:cutoff]) = 0 then false
        else len(demands) * 1.32 <= list_max(list_transform(history[1:cutoff], lambda v, i: if(v <> 0, i, 0)))
    end as is_intermittent,
    coalesce(list_var_pop(demands) >= 0.49 * list_avg(demands) ** 2, false) as is_erratic
from by_season
