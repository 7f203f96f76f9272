"""Many products planned by family: each month's factors, loads recomputed from products, ways of sharing out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company, Supply
from sop_pipeline.errors import BadInput
from sop_pipeline.language.reconciliation import default_words
from sop_pipeline.validation import identities
from sop_pipeline.validation.plan_checker import check_plan

SHIFT = {"A1": [300, 300, 300, 100, 100, 100], "A2": [100, 100, 100, 300, 300, 300], "B1": [50] * 6, "B2": [50] * 6}


def settings(**supply: object) -> Company:
    return Company(
        company="Small", sources={}, horizon_months=6, supply=Supply.model_validate({"max_products": 1, **supply})
    )


def test_a_family_takes_the_hours_of_each_months_own_mix(small_company, planned_cycle, cycle, demand_plan_rows):
    """A1 takes an hour of line 1, A2 two: 300 x 1 + 100 x 2 over 400 are 1.25 until September, then 1.75."""
    given = small_company(demand_plan=demand_plan_rows(SHIFT))
    known = planned_cycle(given, settings(), cycle, "bottom_up")
    rows = [
        row["quantity"]
        for row in known["planning_feature_months"].to_pylist()
        if row["product_id"] == "Alpha" and row["feature"] == "line 1"
    ]
    assert rows == [Decimal("1.25")] * 3 + [Decimal("1.75")] * 3
    assert check_plan(known) == []
    assert identities.schedule_adds_up(
        known["production_schedule"], known["schedule_remainders"], known["aggregate_plan"], strategy="blended"
    ).passed


def test_families_set_top_down_keep_their_reference_mix(small_company, planned_cycle, cycle, demand_plan_rows):
    given = small_company(demand_plan=demand_plan_rows(SHIFT))
    known = planned_cycle(given, settings(), cycle, "top_down")
    assert known["planning_feature_months"].num_rows == 0
    hours = {(row["product_id"], row["feature"]): row["quantity"] for row in known["planning_features"].to_pylist()}
    assert hours["Alpha", "line 1"] == Decimal("1.75"), "last year sold a quarter of A1"


def test_loads_are_recomputed_from_products_and_the_difference_is_told(
    small_company, planned_cycle, cycle, demand_plan_rows
):
    """Stock lies on A1 alone, so the first months make more of A2 than the mix says, and load line 1 more."""
    inventory = [{"date": cycle.month.replace(month=6, day=30), "product_id": "A1", "on_hand": 600}]
    given = small_company(demand_plan=demand_plan_rows(SHIFT), inventory=inventory)
    known = planned_cycle(given, settings(), cycle, "bottom_up")
    load = {(row["resource_id"], row["month"]): row for row in known["schedule_load"].to_pylist()}
    made = {(row["product_id"], row["month"]): row["output"] for row in known["production_schedule"].to_pylist()}
    for (resource, month), row in load.items():
        if resource == "line 1":
            assert abs(row["by_products"] - made["A1", month] - 2 * made["A2", month]) <= Decimal("0.001")
        assert row["difference"] == row["by_products"] - row["planned"]
    july = load["line 1", cycle.month]
    assert july["difference"] > 0
    note = next(row for row in known["schedule_defaults"].to_pylist() if row["default_id"] == "schedule_load")
    shares = {key: abs(row["difference"]) / row["planned"] for key, row in load.items() if row["planned"] > 0}
    most = max(shares, key=lambda key: shares[key])
    assert (note["subject"], note["month"]) == most
    assert float(note["amount"]) == pytest.approx(float(shares[most]), abs=1e-4)
    assert default_words(note, currency="EUR")[1].startswith("families by their mix; products load line 1 up to ")
    check = identities.schedule_load_recomputed
    assert check(known["schedule_load"], known["production_schedule"], known["planned_features"]).passed
    frame = tables.frame(known["schedule_load"])
    first = frame.index == 0
    frame = frame.assign(by_products=frame["by_products"] + first, difference=frame["difference"] + first)
    wrong = tables.conform("schedule_load", frame)
    assert not check(wrong, known["production_schedule"], known["planned_features"]).passed


def with_lots(small_company, lot: float) -> dict:
    rows = [{**row, "min_lot": lot} for row in small_company()["products"].to_pylist()]
    return small_company(products=rows)


@pytest.mark.parametrize("method", ["equal_run_out", "inventory_gap", "fixed_share"])
def test_lots_are_kept_and_what_is_left_over_is_counted(small_company, planned_cycle, cycle, method):
    shares = {"A1": 40.0, "A2": 60.0, "B1": 50.0, "B2": 50.0}
    company = settings(disaggregation=method, product_shares=shares)
    known = planned_cycle(with_lots(small_company, 130), company, cycle, "bottom_up")
    schedule, left = known["production_schedule"], known["schedule_remainders"]
    assert all(row["output"] == 0 or row["output"] >= 130 for row in schedule.to_pylist())
    assert left.num_rows
    assert {row["smallest_lot"] for row in left.to_pylist()} == {130}
    assert identities.schedule_balance(schedule).passed
    assert identities.schedule_adds_up(schedule, left, known["aggregate_plan"], strategy="blended").passed
    empty = tables.empty("schedule_remainders")
    assert not identities.schedule_adds_up(schedule, empty, known["aggregate_plan"], strategy="blended").passed
    assert check_plan(known) == []
    assert "schedule_remainders" in {row["default_id"] for row in known["schedule_defaults"].to_pylist()}


def test_fixed_shares_over_100_over_plan_and_say_so(small_company, planned_cycle, cycle):
    company = settings(disaggregation="fixed_share", product_shares={"A1": 50.0, "A2": 60.0})
    known = planned_cycle(small_company(), company, cycle, "bottom_up")
    plan = {
        row["month"]: row["output"]
        for row in known["aggregate_plan"].to_pylist()
        if row["item_id"] == "Alpha" and row["strategy"] == "blended"
    }
    made = {(row["product_id"], row["month"]): row["output"] for row in known["production_schedule"].to_pylist()}
    for month, output in plan.items():
        assert made["A1", month] == pytest.approx(output / 2, abs=Decimal("0.0002"))
        assert made["A2", month] == pytest.approx(output * Decimal("0.6"), abs=Decimal("0.0002"))
    over = {row["month"]: row["remainder"] for row in known["schedule_remainders"].to_pylist()}
    assert over[max(over)] == pytest.approx(-sum(plan.values()) / 10, abs=Decimal("0.001"))
    assert "schedule_over_planned" in {row["default_id"] for row in known["schedule_defaults"].to_pylist()}
    beta = [row for row in known["schedule_remainders"].to_pylist() if row["item_id"] == "Beta"]
    assert not beta, "a family without stated shares is shared by equal run-out time"


def test_inventory_gap_brings_products_to_their_targets(small_company, planned_cycle, cycle):
    """The method changes the schedule, and the products still add up."""
    run_out = planned_cycle(small_company(), settings(), cycle, "bottom_up")
    gap = planned_cycle(small_company(), settings(disaggregation="inventory_gap"), cycle, "bottom_up")
    assert run_out["aggregate_plan"].equals(gap["aggregate_plan"])
    assert not run_out["production_schedule"].equals(gap["production_schedule"])
    assert check_plan(gap) == []


def test_shares_of_a_product_that_is_not_there_are_refused(small_company, planned_cycle, cycle):
    company = settings(disaggregation="fixed_share", product_shares={"A9": 50.0})
    with pytest.raises(BadInput, match="'A9'"):
        planned_cycle(small_company(), company, cycle, "bottom_up")
