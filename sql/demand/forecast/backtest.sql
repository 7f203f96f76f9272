-- grain: one row per approach, node, origin and lag, in that order: a forecast made in the past beside what came
-- Of series the approaches that are not used go as far as `others_to_lag`.
-- Numbers alone: names are put to the nodes after the sort, which has millions of rows to move.
-- reads: sums, coherent, judged_from, nodes
-- binds: $months_per_period bigint, $judged_lag bigint, $others_to_lag bigint, $chosen varchar
with periods as (
    select period from sums
    union
    select run as period from sums
),

dates as (
    select
        period,
        make_date(
            (period * $months_per_period) // 12, ((period * $months_per_period) % 12 + 1)::bigint, 1
        ) as date
    from periods
)

select
    coherent.approach::varchar as approach,
    coherent.node_id,
    origins.date as origin,
    coherent.lag::bigint as lag,
    months.date as month,
    coherent.mean as forecast,
    coherent.actual,
    coherent.lag > $judged_lag or coherent.period >= judged_from.from_period as is_judged
from coherent
inner join dates as origins on coherent.run = origins.period
inner join dates as months on coherent.period = months.period
inner join judged_from on coherent.node_id = judged_from.node_id
inner join nodes on coherent.node_id = nodes.node_id
where
    coherent.run > 0
    and (
        coherent.lag <= $others_to_lag
        or coherent.approach::varchar in ($chosen, 'naive')
        or nodes.level_no < (select max(level_no) from nodes)
    )
order by coherent.approach, coherent.node_id, coherent.run, coherent.lag
