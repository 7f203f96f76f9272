-- grain: one row per node and cutoff
-- Sums of z, t z and z^2 up to the cutoff, from which the least-squares line follows. z counts from its first value, so
-- that large levels cost no digits.
-- reads: adjusted
with shifted as (
    select
        node_id,
        cutoff,
        z[1] as first_z,
        list_transform(z[1:cutoff], lambda v: v - z[1]) as z
    from adjusted
)

select
    node_id,
    cutoff,
    first_z,
    list_sum(z) as z,
    list_dot_product(range(1, cutoff + 1)::double[], z) as tz,
    list_dot_product(z, z) as zz
from shifted
