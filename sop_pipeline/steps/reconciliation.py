"""Reconciliation: units and money in one set of numbers, the deliverables, and what the meeting has to decide."""

from __future__ import annotations

from sop_pipeline import reconciliation as rec
from sop_pipeline.steps.step import Check, step
from sop_pipeline.validation import identities

STEPS = (
    step(rec.actuals, does="Add up what really happened, in units and in the reporting currency."),
    step(rec.last_plan, does="Read the plan of the cycle before, which this one is compared with."),
    step(rec.sales_plan, does="Say what will be sold, given demand and supply."),
    step(
        rec.supply_allotment,
        does="Share out short supply to channels, regions and customers, by priority and least share.",
        checks=[Check("supply_allotment", "foots", identities.allotment_foots)],
    ),
    step(rec.production_plan, does="Say what will be made and subcontracted."),
    step(rec.inventory_plan, does="Say what will be in stock, against its band."),
    step(rec.new_product_plan, does="Say what is launched and what is phased out."),
    step(rec.launch_review, does="Review launches: gates passed and due, cost, the ramp against what was planned."),
    step(rec.portfolio_review, does="Say what each product brings, which are the long tail, whose stock is at risk."),
    step(
        rec.financial_plan,
        does="Put every plan into money, and the chosen one by family, past and planned months in one line.",
        checks=[
            Check("financial_plan", "foots", identities.money_foots),
            Check("plan_money", "reconciles", identities.money_reconciles),
        ],
    ),
    step(rec.limit_option_effects, does="Say what raising a limit brings in money: its own plan less the chosen one."),
    step(rec.goal_results, does="Measure every plan against the company's goals."),
    step(rec.resource_plans, does="Say who works where, what capacity is used, and what has to be ordered by when."),
    step(
        rec.operational_plan,
        does="Allot people, money and time: who does what, how much, when, of what there is; a sheet a department.",
        checks=[Check("operational_plan", "one_set_of_numbers", identities.one_set_of_numbers)],
    ),
    step(rec.assumption_effects, does="Hold what the company assumes against the plan's numbers."),
    step(
        rec.open_items,
        does="Carry risks and assumptions on from the last cycle: since when, what changed.",
    ),
    step(rec.plan_attainment, does="Compare the last cycle's plan with what came."),
    step(rec.plan_gap, does="Compare the latest view with business plan, last cycle and last year."),
    step(rec.bridge, does="Explain the way from business plan to latest view, to the cent."),
    step(rec.key_figures, does="Land the full year: revenue, margin, inventory, service."),
    step(rec.plan_changes, does="Say what moved since the last cycle, and why."),
    step(
        rec.decisions_wanted,
        does="Put at most three decisions up to the meeting, with options, effect, date and owner.",
    ),
    step(rec.decision_results, does="Hold what earlier decisions promised against what came of them."),
    step(
        rec.money_defaults,
        rec.defaults_used,
        name="defaults_used",
        does="List every default in use, for the pack's assumptions.",
    ),
)
