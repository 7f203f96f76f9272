-- Grain: one row per node and cutoff.
-- Slope of the least-squares line through the history known at every origin the fit serves, first entry at the cutoff.
-- A slope is shrunk by its own uncertainty, 1 - (standard error / slope)^2, not below 0: a line through noise is no
-- trend. The sums of z, t z and z^2 (from the first value, so that large levels cost no digits) are taken up to the cutoff
-- at once, and grow period by period from there.
with shifted as (
    select
        node_id,
        cutoff,
        z[cutoff + 1:] as later,
        z[1] as first_z,
        list_transform(z[1:cutoff], lambda v: v - z[1]) as z
    from adjusted
),

steps as (
    select
        node_id,
        cutoff,
        {
            'z': list_sum(z),
            'tz': list_dot_product(range(1, cutoff + 1)::double[], z),
            'zz': list_dot_product(z, z)
        } as at_cutoff,
        list_transform(later, lambda v: {'z': v - first_z, 'tz': 0.0::double, 'zz': 0.0::double, 'sums': []::struct(
            z double, tz double, zz double
        )[]}) as later
    from shifted
),

passed as (
    select
        node_id,
        cutoff,
        list_reduce(
            later,
            lambda s, v, i: {
                'z': s.z + v.z,
                'tz': s.tz + (cutoff + i) * v.z,
                'zz': s.zz + v.z * v.z,
                'sums': list_append(
                    s.sums, {'z': s.z + v.z, 'tz': s.tz + (cutoff + i) * v.z, 'zz': s.zz + v.z * v.z}
                )
            },
            {'z': at_cutoff.z, 'tz': at_cutoff.tz, 'zz': at_cutoff.zz, 'sums': [at_cutoff]}
        ).sums as sums
    from steps
),

lines as (
    select
        node_id,
        cutoff,
        list_transform(
            sums,
            lambda s, i: {
                'n': (cutoff + i - 1)::double,
                'slope': coalesce(
                    (s.tz - (cutoff + i) / 2 * s.z) / nullif((cutoff + i - 1) * ((cutoff + i - 1) ** 2 - 1) / 12, 0), 0
                ),
                'stt': (cutoff + i - 1) * ((cutoff + i - 1) ** 2 - 1) / 12,
                'szz': s.zz - s.z * s.z / (cutoff + i - 1)
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
