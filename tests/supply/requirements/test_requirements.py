"""Requirements, mix drift and the planning approach against figures worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from sop_pipeline.config import Company, Supply
from sop_pipeline.language.supply import planning_words
from sop_pipeline.supply.requirements import requirements
from sop_pipeline.supply.requirements.load import reference_mix

JULY, AUGUST, LAST = date(2026, 7, 1), date(2026, 8, 1), date(2026, 12, 1)


def by_feature(load) -> dict:
    return {(row["feature"], row["month"]): row for row in requirements.feature_requirements(load).to_pylist()}


def test_bottom_up_adds_up_what_every_product_takes(small_company, loaded, company, cycle):
    rows = by_feature(loaded(small_company(), company, cycle))
    assert rows["line 1", JULY]["requirement"] == 100 * 1 + 300 * 2
    assert rows["line 2", JULY]["requirement"] == 50 + 50
    assert rows["crew", JULY]["requirement"] == Decimal("0.5") * 500
    assert rows["crew", JULY]["cost"] == 250 * 10
    assert rows["crew", JULY]["available"] == 2 * 8 * 20
    assert rows["resin", JULY]["kind"] == "material"
    assert rows["resin", JULY]["cost"] == Decimal("1.5") * 800


def test_a_lead_moves_the_requirement_before_completion(small_company, loaded, company, cycle, demand_plan_rows):
    demand = demand_plan_rows({"A1": [10, 20, 30, 40, 50, 60]})
    rows = by_feature(loaded(small_company(demand_plan=demand), company, cycle))
    assert rows["resin", JULY]["requirement"] == 2 * 20
    assert rows["line 1", JULY]["requirement"] == 10
    assert rows["resin", LAST]["requirement"] == 0, "nothing is planned after the horizon"


def test_top_down_misstates_the_load_by_the_mix_drift(small_company, loaded, company, cycle, demand_history_rows):
    history = demand_history_rows({"A1": 300, "A2": 100, "B1": 50, "B2": 50})
    load = loaded(small_company(demand_history=history), company, cycle)
    row = by_feature(load)["line 1", JULY]
    assert row["top_down"] == 400 * (Decimal("0.75") * 1 + Decimal("0.25") * 2)
    assert row["requirement"] == 700
    assert row["mix_drift"] == Decimal("0.4")


def test_mix_drift_is_zero_at_the_reference_mix(small_company, loaded, company, cycle):
    assert all(not row["mix_drift"] for row in by_feature(loaded(small_company(), company, cycle)).values())


def test_a_family_without_history_takes_the_plans_own_mix(small_company, company, cycle, demand_history_rows):
    history = demand_history_rows({"A1": 100, "A2": 300})
    mix = reference_mix(
        small_company()["demand_plan"], small_company(demand_history=history)["demand_history"], cycle=cycle
    ).to_pylist()
    assert {row["product_id"]: row["mix"] for row in mix} == {
        "A1": Decimal("0.25"),
        "A2": Decimal("0.75"),
        "B1": Decimal("0.5"),
        "B2": Decimal("0.5"),
    }


@pytest.mark.parametrize(("tolerance", "approach"), [(0.39, "bottom_up"), (0.41, "top_down")])
def test_auto_moves_a_drifting_family_to_bottom_up(
    small_company, loaded, cycle, demand_history_rows, tolerance, approach
):
    history = demand_history_rows({"A1": 300, "A2": 100, "B1": 50, "B2": 50})
    company = Company(
        company="Small",
        sources={},
        horizon_months=6,
        planning_approach="auto",
        supply=Supply(mix_drift_tolerance=tolerance),
    )
    load = loaded(small_company(demand_history=history), company, cycle)
    rows = {row["family"]: row for row in requirements.planning_approach(load, company=company).to_pylist()}
    assert rows["Alpha"]["approach"] == approach
    assert rows["Alpha"]["worst_mix_drift"] == Decimal("0.4")
    facts = [rows["Alpha"][name] for name in ("basis", "resource_id", "month")]
    assert facts == ["mix", "line 1", cycle.month]
    assert "line 1 by 40.0% in Jul 2026" in planning_words(rows["Alpha"])
    assert rows["Beta"]["approach"] == "top_down"


def test_top_down_against_its_own_drift_says_so(small_company, loaded, cycle, demand_history_rows):
    history = demand_history_rows({"A1": 300, "A2": 100, "B1": 50, "B2": 50})
    company = Company(company="Small", sources={}, horizon_months=6, approach="top_down")
    load = loaded(small_company(demand_history=history), company, cycle)
    rows = {row["family"]: row for row in requirements.planning_approach(load, company=company).to_pylist()}
    assert rows["Alpha"]["approach"] == "top_down"
    assert {family: row["drift"] for family, row in rows.items()} == {"Alpha": "above", "Beta": "within"}
    assert planning_words(rows["Alpha"]).endswith("; planned as one, the family's load is misstated by as much.")
    assert "misstated" not in planning_words(rows["Beta"])


@pytest.mark.parametrize("wanted", ["top_down", "auto", "bottom_up"])
@pytest.mark.parametrize(
    ("equivalents", "litres_of", "approach"),
    [
        ((None, None), "A2", "bottom_up"),
        ((1, None), "A2", "bottom_up"),
        ((1, 5), "A2", "top_down"),
        ((1, 5), "", "top_down"),
    ],
)
def test_a_family_of_several_units_without_equivalents_is_planned_bottom_up(
    small_company, loaded, cycle, wanted, equivalents, litres_of, approach
):
    known = dict(zip(("A1", "A2"), equivalents, strict=True))
    products = [
        row
        | {"equivalent_units": known.get(row["product_id"])}
        | {"unit_of_measure": "litre" if row["product_id"] == litres_of else "piece"}
        for row in small_company()["products"].to_pylist()
    ]
    company = Company(company="Small", sources={}, horizon_months=6, planning_approach=wanted)
    load = loaded(small_company(products=products), company, cycle)
    rows = {row["family"]: row for row in requirements.planning_approach(load, company=company).to_pylist()}
    assert rows["Alpha"]["approach"] == ("bottom_up" if wanted == "bottom_up" else approach)
    forced = approach == "bottom_up" and wanted != "bottom_up"
    assert (rows["Alpha"]["basis"] == "units") is forced
    assert ("each is planned by itself" in planning_words(rows["Alpha"])) is forced
    assert rows["Beta"]["approach"] == ("bottom_up" if wanted == "bottom_up" else "top_down")


def test_alternatives_of_an_option_group_count_in_equal_parts(small_company, loaded, company, cycle):
    features = [
        {"product_id": "A1", "feature": "line 1", "quantity": 1.0, "option_group": "line"},
        {"product_id": "A1", "feature": "line 2", "quantity": 3.0, "option_group": "line"},
    ]
    rows = by_feature(loaded(small_company(product_features=features), company, cycle))
    assert rows["line 1", JULY]["requirement"] == 50
    assert rows["line 2", JULY]["requirement"] == 150


def test_row_order_does_not_matter(small_company, loaded, company, cycle):
    given = small_company()
    turned = {name: table.take(np.arange(table.num_rows)[::-1].copy()) for name, table in given.items()}
    first = requirements.feature_requirements(loaded(given, company, cycle))
    assert first.equals(requirements.feature_requirements(loaded(turned, company, cycle)))


def test_a_units_down_month_takes_hours_away(small_company, loaded, company, cycle):
    months = [{"resource_id": "line 1", "month": AUGUST, "units_down": 1}]
    rows = by_feature(loaded(small_company(resource_months=months), company, cycle))
    assert rows["line 1", JULY]["available"] == 800
    assert rows["line 1", AUGUST]["available"] == 600


def test_a_resource_has_its_own_sites_days(small_company, loaded, company, cycle):
    """20 days everywhere; the west works 12 in August and is shut in September."""
    resources = [{**row, "site_id": "west"} for row in small_company()["resources"].to_pylist()]
    resources[0]["site_id"] = None
    calendar = [
        {"month": AUGUST, "site_id": "west", "working_days": 12},
        {"month": date(2026, 9, 1), "site_id": "west", "shutdown": "overhaul"},
    ]
    rows = by_feature(loaded(small_company(resources=resources, calendar=calendar), company, cycle))
    named = {row["resource_id"]: row["site_id"] for row in resources}
    west = next(name for name, site in named.items() if site == "west" and name.startswith("line"))
    other = next(name for name, site in named.items() if site is None)
    july = rows[west, JULY]["available"]
    assert rows[west, AUGUST]["available"] == july * 12 / 20
    assert rows[west, date(2026, 9, 1)]["available"] == 0
    assert rows[other, AUGUST]["available"] == rows[other, JULY]["available"]


def test_large_capacities_are_exact(small_company, loaded, company, cycle):
    """Fifty thousand units an hour-day: decimals must not overflow where numbers are large."""
    large = {"resource_id": "line 1", "kind": "machine", "opening_units": 1_000_000, "hours_per_day": 50_279.407692}
    rows = by_feature(loaded(small_company(resources=[large]), company, cycle))
    assert rows["line 1", JULY]["available"] == Decimal("1005588153840.0000")


def test_without_resources_the_best_twelve_months_of_production_are_the_capacity(small_company, loaded, company, cycle):
    """Each year of 240 days: 12 months of 400, then 12 of 500; the best twelve make 25 a day."""
    production = [
        {"date": date(2024 + (5 + back) // 12, (5 + back) % 12 + 1, 15), "product_id": "A1", "quantity": amount}
        for back, amount in enumerate([400] * 12 + [500] * 12, start=1)
    ]
    given = small_company(resources=[], product_features=[], production=production)
    rows = by_feature(loaded(given, company, cycle))
    assert rows["capacity", JULY]["available"] == 25 * 20
    assert rows["capacity", JULY]["requirement"] == 500


def test_a_new_product_takes_what_its_like_product_takes(small_company, loaded, company, cycle, demand_plan_rows):
    given = small_company()
    lifecycle = [
        *given["product_lifecycle"].to_pylist(),
        {
            "product_id": "A3",
            "product_name": "A3",
            "family": "Alpha",
            "status": "launching",
            "history_months": 0,
            "like_product_id": "A2",
        },
    ]
    demand = demand_plan_rows({"A3": [10] * 6})
    rows = by_feature(loaded(small_company(demand_plan=demand, product_lifecycle=lifecycle), company, cycle))
    assert rows["line 1", JULY]["requirement"] == 20
