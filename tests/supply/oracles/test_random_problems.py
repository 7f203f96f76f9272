"""Every feature family of the planner occurs in the random problems that oracles and properties are tried on."""

from collections import Counter

import pandas as pd

from sop_pipeline.supply.problem.definition import PlanningProblem
from tests.supply.oracles.random_problems import FEATURES, random_problem

INSTANCES = range(20, 220)
LEAST = 20

COLUMNS = {
    "products": "backlog_cost lost_sales_cost subcontract_cost subcontract_limit shelf_life_months cover_days_min "
    "cover_days_max max_stock min_lot setup_cost campaign_months max_rate_change_pct discontinued_on",
    "product_state": "opening_backlog safety_stock closing_stock closing_backlog opening_rate",
    "product_months": "fixed_production max_production min_stock max_stock holding_cost unit_material_cost "
    "backlog_cost lost_sales_cost subcontract_cost subcontract_limit setup_cost",
    "resources": "overtime_limit_pct overtime_hours_per_unit temporary_max max_hires max_layoffs min_units max_units "
    "hire_lead_months rate_up_cost rate_down_cost maintenance_units_required capacity min_utilisation_pct",
    "resource_months": "units_down overtime_hours capacity",
    "product_features": "setup lead_months option_group",
    "product_feature_months": "quantity",
    "materials": "unit_cost on_hand on_order lead_days max_receipt",
    "demand_plan": "min_quantity price",
}


def present(problem: PlanningProblem) -> set[str]:
    """``table.column`` of everything the problem states, and the kinds of resources it has."""
    frames = problem.frames()
    found = {
        f"{table}.{column}"
        for table, columns in COLUMNS.items()
        for column in columns.split()
        if column in frames[table] and frames[table][column].notna().any()
    }
    found |= {f"kind {kind}" for kind in problem.resources["kind"].dropna().unique()}
    if (problem.resources["pay_basis"] == "worked").any():
        found.add("pay_basis worked")
    if problem.resources.loc[problem.resources["kind"] == "labour", "opening_units"].isna().any():
        found.add("free start")
    return found


def test_every_feature_family_occurs_in_the_two_hundred_instances() -> None:
    counts = Counter(name for seed in INSTANCES for name in present(random_problem(seed)))
    wanted = {f"{table}.{column}" for table, columns in COLUMNS.items() for column in columns.split()}
    wanted |= {f"kind {kind}" for kind in ("labour", "machine", "storage", "material", "cash")}
    wanted |= {"pay_basis worked", "free start"}
    rare = {name: counts[name] for name in wanted if counts[name] < LEAST}
    assert rare == {}
    assert len(FEATURES) == len(set(FEATURES))


def test_objectives_and_whole_numbers_occur_together_with_every_family() -> None:
    """Profit in a third of the instances, whole heads in half: each family is seen with both."""
    profit = Counter(name for seed in INSTANCES if seed % 3 == 0 for name in present(random_problem(seed)))
    whole = Counter(name for seed in INSTANCES if seed % 2 == 0 for name in present(random_problem(seed)))
    assert min(profit.values()) >= 3
    assert min(whole.values()) >= 5


def test_a_problem_is_a_function_of_its_seed() -> None:
    for name, frame in random_problem(7).frames().items():
        pd.testing.assert_frame_equal(frame, random_problem(7).frames()[name])
