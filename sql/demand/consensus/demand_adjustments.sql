-- grain: one row per stream, product and month: all its levels together
-- reads: changes = stream_changes, product_lifecycle, precedence
select
    changes.stream,
    changes.product_id,
    lifecycle.family,
    changes.month,
    precedence.precedence,
    arg_min(changes.before, changes.level_no) as before,
    sum(changes.change)::decimal(28, 4) as change,
    max(changes.effect) as effect,
    max(changes.other_product_id) as other_product_id,
    max(changes.effect_share) as effect_share,
    max(changes.effective_on) as effective_on,
    max(changes.sold_share) as sold_share,
    max(changes.effects) as effects,
    string_agg(changes.reason, '; ' order by changes.level_no) as reason,
    string_agg(distinct changes.owner, ', ' order by changes.owner) as owner,
    string_agg(distinct changes.cell, ', ' order by changes.cell) as cell,
    max(changes.replaced) as replaced,
    sum(changes.overridden)::bigint as overridden,
    string_agg(distinct changes.overridden_owner, ', ' order by changes.overridden_owner) as overridden_owner,
    bool_or(changes.is_unit_left_out) as is_unit_left_out,
    sum(changes.beyond)::decimal(28, 4) as beyond
from changes
inner join product_lifecycle as lifecycle on changes.product_id = lifecycle.product_id
inner join precedence on changes.stream = precedence.stream
group by changes.stream, changes.product_id, lifecycle.family, changes.month, precedence.precedence
order by precedence.precedence, changes.product_id, changes.month
