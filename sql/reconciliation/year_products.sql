-- grain: one row per reference, fiscal year, side (now, or the same months a year before) and product
-- What each product brings in a fiscal year, in the months that the reference is compared over.
-- reads: fiscal_months, product_view
with sides as (
    select
        reference,
        fiscal_year,
        'now' as side,
        month
    from fiscal_months
    union all
    select
        reference,
        fiscal_year,
        'before' as side,
        (month - interval 1 year)::date as month
    from fiscal_months
)

select
    sides.reference,
    sides.fiscal_year,
    sides.side,
    product_view.family,
    product_view.product_id,
    sum(product_view.units)::decimal(28, 4) as units,
    sum(product_view.revenue)::decimal(28, 2) as revenue,
    sum(product_view.margin)::decimal(28, 2) as margin,
    bool_and(product_view.units is not null) as is_addable
from sides
inner join product_view on sides.month = product_view.month
group by all
