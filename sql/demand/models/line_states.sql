-- Grain: one row per node and cutoff.
-- Slope of the least-squares line through the history known at every origin the fit serves, first entry at the cutoff.
-- A slope is shrunk by its own uncertainty, 1 - (standard error / slope)^2, not below 0: a line through noise is no
-- trend. One pass carries the running sums of z, t z and z^2 (from the first value, so that large levels cost no digits).
with steps as (
    select
        node_id,
        cutoff,
        list_transform(z, lambda v: {'z': v - z[1], 'tz': 0.0::double, 'zz': 0.0::double, 'sums': []::struct(
            n double, z double, tz double, zz double
        )[]}) as steps
    from adjusted
),

passed as (
    select
        node_id,
        cutoff,
        list_reduce(
            steps,
            lambda s, v, i: {
                'z': s.z + v.z,
                'tz': s.tz + i * v.z,
                'zz': s.zz + v.z * v.z,
                'sums': case
                    when i >= cutoff
                        then list_append(
                            s.sums,
                            {
                                'n': i::double,
                                'z': s.z + v.z,
                                'tz': s.tz + i * v.z,
                                'zz': s.zz + v.z * v.z
                            }
                        )
                    else s.sums
                end
            },
            {'z': cutoff * 0.0::double, 'tz': 0.0::double, 'zz': 0.0::double, 'sums': []::struct(
                n double, z double, tz double, zz double
            )[]}
        ).sums as sums
    from steps
),

lines as (
    select
        node_id,
        cutoff,
        list_transform(
            sums,
            lambda s: {
                'n': s.n,
                'slope': coalesce((s.tz - (s.n + 1) / 2 * s.z) / nullif(s.n * (s.n * s.n - 1) / 12, 0), 0),
                'stt': s.n * (s.n * s.n - 1) / 12,
                'szz': s.zz - s.z * s.z / s.n
            }
        ) as lines
    from passed
)

select
    node_id,
    cutoff,
    list_transform(
        lines,
        lambda line: case
            when line.n < $shortest_trend or line.slope = 0 then 0
            else line.slope * greatest(
                0,
                1 - greatest(line.szz / line.stt - line.slope * line.slope, 0)
                / (line.n - 2) / (line.slope * line.slope)
            )
        end
    ) as slopes
from lines
