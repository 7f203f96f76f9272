-- grain: one row per node and cutoff
-- First level and trend from a line through the first season, and the constants to try for Holt and damped trend.
-- reads: adjusted
-- binds: $season bigint, $alphas double[], $betas double[], $phis double[]
with starts as (
    select
        node_id,
        cutoff,
        z[1:least(cutoff, $season)] as z,
        least(cutoff, $season) as n
    from adjusted
),

lines as (
    select
        node_id,
        cutoff,
        n,
        list_avg(z) as mean_z,
        coalesce(
            (list_dot_product(range(1, n + 1)::double[], z) - n * (n + 1) / 2 * list_avg(z))
            / nullif(n * (n * n - 1.0) / 12, 0),
            0
        ) as slope
    from starts
)

select
    node_id,
    cutoff,
    mean_z - slope * (n + 1) / 2 as level0,
    slope as trend0,
    $alphas::double[] as alphas,
    $betas::double[] as betas,
    $phis::double[] as phis
from lines
