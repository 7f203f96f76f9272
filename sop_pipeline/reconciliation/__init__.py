"""Reconciliation: one set of numbers in units and money, the deliverables, the gap, and what the meeting has to decide.

Here: pure functions from tables to tables, one for each table of the registry and named after it. Not here: how demand
or supply were planned (their tables are read, never their code), nor how any of it looks (``packs``).
"""

from __future__ import annotations

from sop_pipeline.reconciliation.actuals import actuals
from sop_pipeline.reconciliation.assumption_effects import assumption_effects
from sop_pipeline.reconciliation.bridge import bridge
from sop_pipeline.reconciliation.comparisons import plan_attainment, plan_gap
from sop_pipeline.reconciliation.decisions import decision_results, decisions_wanted
from sop_pipeline.reconciliation.defaults import defaults_used, money_defaults
from sop_pipeline.reconciliation.financial_plan import financial_plan
from sop_pipeline.reconciliation.goal_results import goal_results
from sop_pipeline.reconciliation.key_figures import key_figures
from sop_pipeline.reconciliation.last_plan import last_plan
from sop_pipeline.reconciliation.launch_review import launch_review
from sop_pipeline.reconciliation.limit_option_effects import limit_option_effects
from sop_pipeline.reconciliation.open_items import open_items
from sop_pipeline.reconciliation.operational_plan import operational_plan
from sop_pipeline.reconciliation.plan_changes import plan_changes
from sop_pipeline.reconciliation.resource_plans import resource_plans
from sop_pipeline.reconciliation.supply_allotment import supply_allotment
from sop_pipeline.reconciliation.volume_plans import (
    inventory_plan,
    new_product_plan,
    portfolio_review,
    production_plan,
    sales_plan,
)

__all__ = [
    "actuals",
    "assumption_effects",
    "bridge",
    "decision_results",
    "decisions_wanted",
    "defaults_used",
    "financial_plan",
    "goal_results",
    "inventory_plan",
    "key_figures",
    "last_plan",
    "launch_review",
    "limit_option_effects",
    "money_defaults",
    "new_product_plan",
    "open_items",
    "operational_plan",
    "plan_attainment",
    "plan_changes",
    "plan_gap",
    "portfolio_review",
    "production_plan",
    "resource_plans",
    "sales_plan",
    "supply_allotment",
]
