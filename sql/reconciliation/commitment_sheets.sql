-- grain: one row per department that reads, and line of the operational plan that concerns it
-- What a department commits to itself, and what others commit to it; products stand in their family's line, but for
-- launches and phase-outs.
-- reads: operational_plan
with concerns (sheet, commitment) as (
    values
    {% for sheet, commitments in [
        ('sales', ['sell', 'owe', 'keep', 'revenue', 'launch', 'phase_out']),
        ('production', [
            'make', 'subcontract', 'employ', 'employ_temporary', 'work', 'run', 'stand_still', 'regular_hours',
            'overtime_hours', 'use_capacity', 'take', 'regular_pay', 'overtime_pay', 'temporary_pay', 'setup_cost', 'rate_change_cost',
        ]),
        ('purchasing', ['take', 'order', 'subcontract', 'material_cost', 'subcontracting_cost']),
        ('logistics', ['sell', 'make', 'subcontract', 'keep', 'store', 'holding_cost']),
        ('human_resources', [
            'employ', 'employ_temporary', 'hire', 'lay_off', 'work', 'regular_hours', 'overtime_hours', 'regular_pay',
            'overtime_pay', 'temporary_pay', 'hiring_cost', 'layoff_cost',
        ]),
        ('finance', [
            'revenue', 'material_cost', 'subcontracting_cost', 'regular_pay', 'overtime_pay', 'temporary_pay',
            'hiring_cost', 'layoff_cost', 'setup_cost', 'rate_change_cost', 'fixed_cost', 'receive', 'pay',
            'cash_flow', 'cash_balance', 'spend', 'holding_cost',
        ]),
        ('product_development', ['launch', 'phase_out']),
    ] %}
    {% set outer = loop %}
    {% for commitment in commitments %}
    ('{{ sheet }}', '{{ commitment }}'){{ ',' if not (loop.last and outer.last) }}
    {% endfor %}
    {% endfor %}
)

select
    concerns.sheet,
    operational_plan.month,
    operational_plan.department,
    operational_plan.site_id,
    operational_plan.commitment,
    operational_plan.item_kind,
    operational_plan.item,
    operational_plan.allots,
    operational_plan.quantity,
    operational_plan.unit,
    operational_plan.available,
    operational_plan.due_on,
    operational_plan.owner,
    operational_plan.note
from operational_plan
inner join concerns on operational_plan.commitment = concerns.commitment
where
    (not operational_plan.detail or operational_plan.commitment in ('launch', 'phase_out'))
    -- hours of people concern those who employ them, hours of machines do not
    and (
        concerns.sheet <> 'human_resources'
        or operational_plan.commitment not in ('regular_hours', 'overtime_hours', 'regular_pay', 'overtime_pay')
        or operational_plan.item in (
            select people.item
            from operational_plan as people
            where people.commitment in ('employ', 'employ_temporary')
        )
    )
