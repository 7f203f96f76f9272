"""Rough-cut capacity: the textbook check of METHODS 4, and agreement of the three methods where they must."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sop_pipeline.supply.requirements import requirements
from sop_pipeline.supply.requirements.rough_cut import rough_cut_capacity

JULY = date(2026, 7, 1)


def by_method(load) -> dict:
    return {(row["method"], row["resource_id"], row["month"]): row for row in rough_cut_capacity(load).to_pylist()}


def test_overall_factors_split_450_hours_60_to_40(
    small_company, loaded, company, cycle, demand_plan_rows, demand_history_rows
):
    """100 x 2 + 50 x 3 + 25 x 4 = 450 hours; history split them 60/40: 270 and 180 (METHODS 4)."""
    demand = demand_plan_rows({"A1": [100] * 6, "A2": [50] * 6, "B1": [25] * 6})
    history = demand_history_rows({"A1": 1, "A2": 1, "B1": 1})
    hours = {"A1": (1.2, 0.8), "A2": (2.4, 0.6), "B1": (1.8, 2.2)}
    features = [
        {"product_id": name, "feature": line, "quantity": amount}
        for name, pair in hours.items()
        for line, amount in zip(("line 1", "line 2"), pair, strict=True)
    ]
    found = by_method(
        loaded(small_company(demand_plan=demand, demand_history=history, product_features=features), company, cycle)
    )
    assert found["overall_factors", "line 1", JULY]["load"] == 270
    assert found["overall_factors", "line 2", JULY]["load"] == 180
    assert found["bill_of_resources", "line 1", JULY]["load"] == Decimal("285")
    assert found["bill_of_resources", "line 2", JULY]["load"] == Decimal("165")


def test_the_methods_agree_at_the_reference_mix_without_leads(small_company, loaded, company, cycle):
    found = by_method(loaded(small_company(), company, cycle))
    for (_, resource, month), row in found.items():
        assert row["load"] == found["bill_of_resources", resource, month]["load"]
        assert row["utilisation"] == round(row["load"] / row["available"], 6)


def test_a_lead_moves_the_profile_alone(small_company, loaded, company, cycle, demand_plan_rows):
    features = [{"product_id": "A1", "feature": "line 1", "quantity": 1, "lead_months": 2}]
    demand = demand_plan_rows({"A1": [10, 20, 30, 40, 50, 60]})
    found = by_method(loaded(small_company(demand_plan=demand, product_features=features), company, cycle))
    assert found["resource_profile", "line 1", JULY]["load"] == 30
    assert found["bill_of_resources", "line 1", JULY]["load"] == 10
    assert found["resource_profile", "line 1", date(2026, 12, 1)]["load"] == 0


def test_profile_is_the_total_requirement_of_the_resource(small_company, loaded, company, cycle):
    given = small_company()
    load = loaded(given, company, cycle)
    needed = {
        (row["feature"], row["month"]): row["requirement"]
        for row in requirements.feature_requirements(load).to_pylist()
    }
    for row in rough_cut_capacity(load).to_pylist():
        if row["method"] == "resource_profile":
            assert row["load"] == needed[row["resource_id"], row["month"]]
