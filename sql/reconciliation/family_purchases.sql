-- grain: one row per family and planned month: material used and units subcontracted by the chosen plan, in money
-- No rows where the company gave neither a cost of a product nor a rate of a resource (strategy_spending).
-- reads: plan_costs, planning_products, strategy_spending
-- binds: $strategy varchar, $scenario varchar
select
    planning_products.family,
    plan_costs.month,
    sum(
        case when plan_costs.kind in ('material', 'subcontracting') then plan_costs.amount else 0 end
    )::decimal(28, 2) as purchases
from plan_costs
inner join planning_products on plan_costs.item = planning_products.product_id
where
    plan_costs.strategy = $strategy
    and plan_costs.scenario = $scenario
    and (select count(material) from strategy_spending) > 0
group by planning_products.family, plan_costs.month
