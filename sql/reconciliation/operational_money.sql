-- grain: one row per month, department, site, commitment and family, resource or the company: money to earn and spend
-- Where plan_money knows no cost the solver counts in unit values, which are not money: nothing is spent then.
-- Material is shared over sites by what they make of the item, counted from where the sites before end.
-- reads: unit_factors, opening_state, planning_resources, plan_costs, site_schedule, sales_plan
-- reads: plan_money
-- binds: $strategy varchar, $scenario varchar, $currency varchar, $company varchar
with members as (
    select distinct
        product_id as item,
        family
    from unit_factors
    union
    select distinct
        family as item,
        family
    from unit_factors
    union
    select distinct
        item_id as item,
        family
    from opening_state
),

made as (
    select
        coalesce(opening_state.item_id, site_schedule.product_id) as planned_item,
        site_schedule.month,
        site_schedule.site_id,
        sum(site_schedule.output::decimal(28, 4) * coalesce(unit_factors.factor, 1)) as weight
    from site_schedule
    left join opening_state on site_schedule.product_id = opening_state.product_id
    left join unit_factors on site_schedule.product_id = unit_factors.product_id
    where site_schedule.output > 0
    group by all
),

spending as (
    select
        plan_costs.month,
        plan_costs.kind,
        plan_costs.item as planned_item,
        coalesce(members.family, plan_costs.item) as item,
        if(
            members.family is not null,
            'family',
            if(planning_resources.resource_id is null, 'product', 'resource')
        ) as item_kind,
        plan_costs.amount,
        planning_resources.site_id
    from plan_costs
    left join planning_resources on plan_costs.item = planning_resources.resource_id
    left join members on plan_costs.item = members.item
    where
        plan_costs.strategy = $strategy
        and plan_costs.scenario = $scenario
        and exists (select 1 from plan_money where chosen and regular_pay is not null)
),

material as (
    select
        spending.month,
        spending.item,
        spending.item_kind,
        made.site_id,
        spending.amount,
        coalesce(sum(made.weight) over so_far / sum(made.weight) over whole, 1) as share_to_here,
        coalesce((sum(made.weight) over so_far - made.weight) / sum(made.weight) over whole, 0) as share_before
    from spending
    left join made on spending.planned_item = made.planned_item and spending.month = made.month
    where spending.kind = 'material'
    window
        whole as (partition by spending.planned_item, spending.month),
        so_far as (
            partition by spending.planned_item, spending.month
            order by made.site_id nulls first
            rows unbounded preceding
        )
),

commitments as (
    select
        month,
        'purchasing' as department,
        site_id,
        'material_cost' as commitment,
        item_kind,
        item,
        round(amount * share_to_here, 2)::decimal(28, 2) - round(amount * share_before, 2)::decimal(28, 2) as quantity,
        null::decimal(28, 2) as available
    from material
    union all
    {% for kind, department, commitment in [
        ('subcontracting', 'purchasing', 'subcontracting_cost'),
        ('regular_pay', 'production', 'regular_pay'),
        ('overtime', 'production', 'overtime_pay'),
        ('temporary', 'production', 'temporary_pay'),
        ('hiring', 'human_resources', 'hiring_cost'),
        ('layoff', 'human_resources', 'layoff_cost'),
        ('setup', 'production', 'setup_cost'),
        ('rate_change', 'production', 'rate_change_cost'),
        ('holding', 'logistics', 'holding_cost'),
    ] %}
    select
        month,
        '{{ department }}' as department,
        site_id,
        '{{ commitment }}' as commitment,
        item_kind,
        item,
        amount as quantity,
        null as available
    from spending
    where kind = '{{ kind }}'
    union all
    {% endfor %}
    select
        month,
        'sales' as department,
        null as site_id,
        'revenue' as commitment,
        'family' as item_kind,
        family as item,
        revenue as quantity,
        null as available
    from sales_plan
    {% for commitment, quantity, available in [
        ('receive', 'receipts', 'null'),
        ('fixed_cost', 'fixed_cost', 'null'),
        ('pay', 'receipts - cash_flow', 'cash - cash_flow + receipts'),
        ('cash_flow', 'cash_flow', 'null'),
        ('cash_balance', 'cash', 'null'),
    ] %}
    union all
    select
        month,
        'finance' as department,
        null as site_id,
        '{{ commitment }}' as commitment,
        'company' as item_kind,
        $company as item,
        {{ quantity }} as quantity,
        {{ available }} as available
    from plan_money
    where chosen
    {% endfor %}
)

select
    month,
    department,
    site_id,
    commitment,
    item_kind,
    item,
    'money' as allots,
    sum(quantity)::decimal(28, 4) as quantity,
    $currency as unit,
    sum(available)::decimal(28, 4) as available,
    null::date as due_on,
    null as note,
    false as detail
from commitments
group by month, department, site_id, commitment, item_kind, item
having sum(quantity) <> 0
