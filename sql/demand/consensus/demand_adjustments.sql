-- grain: one row per stream, product and month: all its levels together
-- reads: changes = stream_changes, product_lifecycle, precedence
select
    changes.stream,
    changes.product_id,
    lifecycle.family,
    changes.month,
    precedence.precedence,
    arg_min(changes.before, changes.level_no) as before,
    sum(changes.change)::decimal(18, 4) as change,
    string_agg(changes.reason, '; ' order by changes.level_no) as reason,
    string_agg(distinct changes.owner, ', ' order by changes.owner) as owner
from changes
inner join product_lifecycle as lifecycle on changes.product_id = lifecycle.product_id
inner join precedence on changes.stream = precedence.stream
group by changes.stream, changes.product_id, lifecycle.family, changes.month, precedence.precedence
order by precedence.precedence, changes.product_id, changes.month
