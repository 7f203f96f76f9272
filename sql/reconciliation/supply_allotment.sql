-- grain: one row per dimension, market, product and month in which less is sold than asked for
-- A market first gets its least share of what there is, then the markets are served in order of priority, those of one
-- priority in proportion to what they still ask for; those without one come last. Asked and given are counted from
-- where the markets before end, so that each dimension adds up to the sales plan to the last unit.
-- reads: sales_plan, market_weights, allotment_rules
with short as (
    select
        product_id,
        family,
        month,
        demand,
        sales
    from sales_plan
    where sales < demand
),

asked as (
    select
        short.*,
        weights.dimension,
        weights.market,
        rules.priority,
        rules.least_share_pct,
        coalesce(rules.priority, 1000000) as place,
        short.demand::double * weights.share
        / sum(weights.share) over (partition by weights.dimension, short.product_id, short.month) as wanted
    from short
    inner join market_weights as weights on short.product_id = weights.product_id
    left join allotment_rules as rules on weights.dimension = rules.dimension and weights.market = rules.market
),

promised as (
    select
        *,
        least(wanted, sales::double * coalesce(least_share_pct, 0)::double / 100) as least_gets
    from asked
),

needs as (
    select
        *,
        wanted - least_gets as need,
        sales::double - sum(least_gets) over whole as rest,
        sum(wanted - least_gets) over tier as tier_need,
        sum(wanted - least_gets) over up_to - sum(wanted - least_gets) over tier as before
    from promised
    window
        whole as (partition by dimension, product_id, month),
        tier as (partition by dimension, product_id, month, place),
        up_to as (partition by dimension, product_id, month order by place)
),

given as (
    select
        *,
        least_gets
        + if(tier_need > 0, least(greatest(rest - before, 0), tier_need) * need / tier_need, 0) as gets
    from needs
),

counted as (
    select
        *,
        round(sum(wanted) over so_far, 4) as wanted_to_here,
        round(sum(wanted) over so_far - wanted, 4) as wanted_before,
        round(sum(gets) over so_far, 4) as gets_to_here,
        round(sum(gets) over so_far - gets, 4) as gets_before
    from given
    window so_far as (
        partition by dimension, product_id, month
        order by place, market
        rows unbounded preceding
    )
)

select
    dimension,
    market,
    product_id,
    family,
    month,
    priority,
    least_share_pct,
    (wanted_to_here - wanted_before)::decimal(28, 4) as demand,
    (gets_to_here - gets_before)::decimal(28, 4) as allotted
from counted
