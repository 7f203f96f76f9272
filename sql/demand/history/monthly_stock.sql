-- grain: one row per product and month with a stock count before the cut-off
-- closing: last count of each site, added up; lowest: least total on a day on which as many sites as ever were counted
-- reads: inventory
-- binds: $cutoff date
with counts as (
    select
        product_id,
        date_trunc('month', date)::date as month,
        date,
        coalesce(site_id, '') as site_id,
        on_hand
    from inventory
    where
        date < $cutoff
        and coalesce(recorded_on, date) < $cutoff
),

last_counts as (
    select
        product_id,
        month,
        site_id,
        arg_max(on_hand, date) as on_hand
    from counts
    group by product_id, month, site_id
),

closing as (
    select
        product_id,
        month,
        count(*) as sites,
        sum(on_hand)::decimal(28, 4) as closing
    from last_counts
    group by product_id, month
),

days as (
    select
        product_id,
        month,
        date,
        count(*) as sites,
        sum(on_hand)::decimal(28, 4) as on_hand
    from counts
    group by product_id, month, date
),

lowest as (
    select
        days.product_id,
        days.month,
        min(days.on_hand) as lowest
    from days
    inner join closing on days.product_id = closing.product_id and days.month = closing.month
    where days.sites = closing.sites
    group by days.product_id, days.month
)

select
    closing.product_id,
    closing.month,
    closing.sites,
    closing.closing,
    least(closing.closing, lowest.lowest) as lowest
from closing
left join lowest on closing.product_id = lowest.product_id and closing.month = lowest.month
order by closing.product_id, closing.month
