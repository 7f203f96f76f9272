-- grain: one row per planned product: its share of its family, and the units a month behind the share
-- reference mix: the months from $first_month up to the cut-off; the demand plan's own mix where $use_history is false
-- or a family sold nothing; equal shares where nothing is planned either
-- reads: demand_plan, demand_history
-- binds: $first_month date, $use_history boolean, $history_months bigint, $cutoff date
with planned as (
    select
        family,
        product_id,
        greatest(sum(quantity::decimal(38, 4)), 0) / count(*) as units
    from demand_plan
    group by all
),

sold as (
    select
        product_id,
        greatest(sum(cleansed::decimal(38, 4)), 0) / $history_months as units
    from demand_history
    where $use_history and month >= $first_month and month < $cutoff
    group by all
),

known as (
    select
        planned.family,
        planned.product_id,
        round(planned.units, 4) as planned,
        round(coalesce(sold.units, 0), 4) as sold
    from planned
    left join sold on planned.product_id = sold.product_id
),

weighted as (
    select
        family,
        product_id,
        case
            when max(sold) over same_family > 0 then sold when max(planned) over same_family > 0 then planned else 1
        end::decimal(28, 4) as units
    from known
    window same_family as (partition by family)
)

select
    family,
    product_id,
    units,
    (units / sum(units) over (partition by family))::decimal(28, 12) as mix
from weighted
order by all
