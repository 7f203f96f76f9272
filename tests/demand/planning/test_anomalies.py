"""The newest month against the range the last cycle gave it: who is outside, by how much, and what it is worth."""

from datetime import date

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.review.anomalies import FrozenRange, demand_anomalies
from sop_pipeline.demand.units import one_unit

CYCLE = Cycle.parse("2026-03")
COMPANY = Company.model_validate({"company": "Acme", "sources": {}})
FEBRUARY = date(2026, 2, 1)
COSTS = {"A": 3, "B": 5, "C": None}


def history(amounts, month=FEBRUARY, flag=None):
    rows = [
        {
            "product_id": name,
            "family": "F",
            "month": at,
            "quantity": quantity,
            "cleansed": quantity,
            "returns": 0,
            "signal": "sales",
            "flag": flag if at == month else None,
        }
        for at in (date(2026, 1, 1), month)
        for name, quantity in amounts.items()
    ]
    return tables.conform("demand_history", rows)


def last(ranges, cycle="2026-02", month=FEBRUARY):
    """What a cycle published: (level, item): (mean, p10, p50, p90)."""
    names = ("mean", "p10", "p50", "p90")
    rows = [
        {
            "level": level,
            "item_id": item,
            "month": month,
            "unit_of_measure": "units",
            **dict(zip(names, four, strict=True)),
        }
        for (level, item), four in ranges.items()
    ]
    return FrozenRange(cycle=Cycle.parse(cycle), demand_range=tables.conform("demand_range", rows))


def found(past, frozen):
    products = tables.conform(
        "products", [{"product_id": name, "product_name": name, "standard_cost": cost} for name, cost in COSTS.items()]
    )
    result = demand_anomalies(past, products, one_unit(past), frozen, company=COMPANY, cycle=CYCLE)
    return {(row["level"], row["item_id"]): row for row in tables.rows(result)}


RANGES = {
    ("product", "A"): (100, 90, 100, 120),
    ("product", "B"): (100, 90, 100, 120),
    ("product", "C"): (10, 0, 4, 20),
    ("family", "F"): (210, 190, 210, 250),
    ("company", "Acme"): (210, 200, 210, 220),
}


def test_what_lies_outside_p1_to_p99_is_listed_with_its_size_and_money():
    """P99 of 100 with P90 at 120 is 136.3, P1 with P10 at 90 is 81.9."""
    rows = found(history({"A": 137, "B": 82, "C": 0}), last(RANGES))
    assert set(rows) == {("product", "A")}
    row = rows["product", "A"]
    assert (float(row["p1"]), float(row["p99"])) == pytest.approx((81.852, 136.296), abs=0.01)
    assert (row["difference"], row["difference_money"], row["expected"]) == (37, 111, 100)


def test_levels_above_are_judged_by_their_own_range_and_add_their_products_money():
    """219 against P99 of 228 in the company, 282 in the family: none; 137 + 120 + 10 = 267 is outside the company's."""
    rows = found(history({"A": 137, "B": 120, "C": 10}), last(RANGES))
    assert set(rows) == {("product", "A"), ("company", "Acme")}
    assert rows["company", "Acme"]["difference"] == 57
    assert rows["company", "Acme"]["difference_money"] == 37 * 3 + 20 * 5


def test_too_little_is_found_and_nothing_is_not_less_than_nothing():
    rows = found(history({"A": 81, "B": 100, "C": 0}), last(RANGES))
    assert set(rows) == {("product", "A"), ("company", "Acme")}
    assert rows["product", "A"]["difference"] == -19
    assert rows["company", "Acme"]["difference"] == 181 - 210


@pytest.mark.parametrize(
    ("past", "frozen"),
    [
        (history({"A": 500, "B": 500, "C": 500}), None),
        (history({"A": 500, "B": 500, "C": 500}), last(RANGES, month=date(2026, 3, 1))),
        (history({"A": 500, "B": 500, "C": 500}), last(RANGES, cycle="2026-03")),
        (history({"A": 500, "B": 500, "C": 500}, flag="partial_month"), last(RANGES)),
        (history({"A": 500, "B": 500, "C": 500}), last(dict.fromkeys(RANGES, (9, 9, 9, 9)))),
    ],
    ids=["first cycle", "another month", "not an earlier cycle", "a part of a month", "no range"],
)
def test_nothing_is_judged_without_a_range_of_a_whole_month(past, frozen):
    assert found(past, frozen) == {}
