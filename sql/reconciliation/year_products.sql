-- grain: one row per reference, fiscal year, side (now, or the same months a year before) and product
-- What each product brings in a fiscal year, in the months that the reference is compared over.
-- reads: fiscal_months, product_view
with sides as (
    select reference, fiscal_year, 'now' as side, month from fiscal_months
    union all
    select reference, fiscal_year, 'before', cast(month - interval 1 year as date) from fiscal_months
)

select
    s.reference, s.fiscal_year, s.side, v.family, v.product_id,
    cast(sum(v.units) as decimal(18, 4)) as units,
    cast(sum(v.revenue) as decimal(18, 2)) as revenue,
    cast(sum(v.margin) as decimal(18, 2)) as margin,
    bool_and(v.units is not null) as is_addable
from sides as s
inner join product_view as v on s.month = v.month
group by all
