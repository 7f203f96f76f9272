-- grain: one row per strategy, scenario and measure that is not the plan's own figure when demand comes as planned
-- money may differ by the cents to which the plan's costs are rounded, row by row, and by a billionth: quantities are
-- kept to four decimals, which in a currency of small worth is more than a cent
-- reads: plan_robustness, plan_costs, plan_summary
with horizon as (
    select
        strategy,
        scenario,
        measure,
        plan
    from plan_robustness
    qualify months = max(months) over (partition by strategy, scenario)
),

rows as (
    select
        strategy,
        scenario,
        count(*) as cost_rows
    from plan_costs
    group by strategy, scenario
),

own as (
    unpivot (
        select
            strategy,
            scenario,
            total_cost::double as cost,
            total_profit::double as profit,
            service::double as service,
            peak_inventory::double as peak_inventory,
            lost_units::double as lost_units,
            late_units::double as late_units
        from plan_summary
    )
    on cost,
    profit,
    service,
    peak_inventory,
    lost_units,
    late_units
    into name measure value own
)

select
    horizon.strategy,
    horizon.scenario,
    horizon.measure,
    horizon.plan,
    own.own
from horizon
inner join own on horizon.strategy = own.strategy and horizon.scenario = own.scenario and horizon.measure = own.measure
left join rows on horizon.strategy = rows.strategy and horizon.scenario = rows.scenario
where
    not coalesce(
        abs(horizon.plan::double - own.own) <= case
            when horizon.measure in ('cost', 'profit')
                then 0.01 * (1 + coalesce(rows.cost_rows, 0)) + 1e-9 * abs(own.own)
            when horizon.measure = 'service'
                then 0.00001
            else 0.01
        end,
        false
    )
order by all
