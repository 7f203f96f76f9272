"""Prices realised or stated, and pay and material costs by month, as a plan uses them; amounts by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import add_months
from sop_pipeline.supply.problem.cycle.planned_money import PriceInputs, planned_money
from sop_pipeline.validation.plan_checker import check_plan
from tests.supply.cycle import approach_of, pick, with_plans, with_problem

START = date(2026, 7, 1)


def sold(product: str, units: float, revenue: float, months: int = 6, **more) -> list[dict]:
    """The same sale in each of the last months."""
    return [
        {"date": add_months(START, -back), "product_id": product, "quantity": units, "revenue": revenue, **more}
        for back in range(1, months + 1)
    ]


def prices(given, company, cycle) -> dict:
    found = planned_money(pick(PriceInputs, given), company=company, cycle=cycle).planned_prices
    return {(row["product_id"], row["month"].month): row for row in tables.rows(found)}


def test_a_product_is_planned_at_what_was_realised_of_its_list_price(small_company, company, cycle):
    """List price 20: A1 brought 180 for 10, B1 90 Swiss francs at 2 for 10; months before the year do not count."""
    sales = [*sold("A1", 10, 180), *sold("B1", 10, 90, currency="CHF")]
    sales += [{"date": date(2025, 6, 30), "product_id": "A1", "quantity": 1000, "revenue": 1}]
    sales += [{"date": date(2026, 6, 1), "product_id": "A1", "quantity": 50}]
    rates = [{"month": add_months(START, -back), "currency": "CHF", "rate": 2} for back in range(1, 7)]
    found = prices(small_company(sales=sales, exchange_rates=rates), company, cycle)
    assert (found["A1", 7]["realised_share"], found["A1", 7]["unit_price"]) == (Decimal("0.9"), 18)
    assert (found["B1", 7]["realised_share"], found["B1", 7]["unit_price"]) == (Decimal("0.9"), 18)
    assert found["A1", 12]["source"] == "product"
    assert found["A1", 7]["list_price"] == 20


def test_a_product_with_few_months_takes_its_familys_share(small_company, company, cycle):
    """A1 realised 90% of 2,400 in six months, A2 60% of 400 in two: the family 86%."""
    sales = [*sold("A1", 20, 360), *sold("A2", 10, 120, months=2)]
    found = prices(small_company(sales=sales), company, cycle)
    assert found["A2", 7]["source"] == "family"
    assert found["A2", 7]["realised_share"] == round(Decimal(2160 + 240) / Decimal(2400 + 400), 6)
    assert found["A1", 7]["unit_price"] == 18
    assert (found["B1", 7]["source"], found["B1", 7]["unit_price"]) == ("list", 20)


def test_a_price_list_holds_from_its_month_on_the_products_before_the_familys(small_company, company, cycle):
    listed = [
        {"family": "Alpha", "month": date(2026, 9, 1), "unit_price": 22},
        {"product_id": "A1", "month": date(2026, 8, 1), "unit_price": 25},
        {"product_id": "A1", "month": date(2026, 11, 1), "unit_price": 26},
        {"product_id": "B1", "month": date(2026, 1, 1), "unit_price": 19},
    ]
    found = prices(small_company(price_list=listed), company, cycle)
    assert [found["A1", month]["unit_price"] for month in range(7, 13)] == [20, 25, 25, 25, 26, 26]
    assert [found["A2", month]["unit_price"] for month in range(7, 13)] == [20, 20, 22, 22, 22, 22]
    assert {found["B1", month]["unit_price"] for month in range(7, 13)} == {19}
    assert {found["B2", month]["source"] for month in range(7, 13)} == {"list"}


def planned(given, company, cycle) -> dict:
    known = {**given, "planning_approach": approach_of(given, company.plans_by)}
    known |= {"key_figures": tables.empty("key_figures")}
    return with_plans(with_problem(known, company, cycle), company)


def spent(made: dict, kind: str, strategy: str = "blended") -> dict:
    rows = [row for row in tables.rows(made["plan_costs"]) if (row["strategy"], row["kind"]) == (strategy, kind)]
    return {
        month: sum(row["amount"] for row in rows if row["month"].month == month)
        for month in sorted({row["month"].month for row in rows})
    }


def heads(made: dict, month: int) -> Decimal:
    (row,) = [
        row
        for row in tables.rows(made["resource_plan"])
        if (row["strategy"], row["resource_id"], row["month"].month) == ("blended", "crew", month)
    ]
    return row["units"]


def test_a_wage_agreement_is_paid_from_its_month_on(small_company, company, cycle):
    """An hour costs 10, from September 10.50 and from November 11 (as a rate); a head has 160 hours a month."""
    agreed = [
        {"resource_id": "crew", "month_from": date(2026, 9, 1), "change_pct": 5},
        {"resource_id": "crew", "month_from": date(2026, 11, 1), "replace_rate": 11},
    ]
    made = planned(small_company(cost_changes=agreed), company, cycle)
    rate = {7: 10.0, 8: 10.0, 9: 10.5, 10: 10.5, 11: 11.0, 12: 11.0}
    paid = spent(made, "regular_pay")
    for month, of_month in rate.items():
        assert float(paid[month]) == pytest.approx(float(heads(made, month)) * 160 * of_month, abs=0.1), month
    assert check_plan(made) == []


def test_a_dearer_material_costs_every_product_what_it_takes_of_it(small_company, company, cycle):
    """Resin at 1.50 rises by 20% in October: a unit of Alpha takes two, so that its 5 of material become 5.60."""
    given = small_company(cost_changes=[{"material_id": "resin", "month_from": date(2026, 10, 1), "change_pct": 20}])
    made = planned(given, company, cycle)
    output = {
        (row["item_id"], row["month"].month): row["output"]
        for row in tables.rows(made["aggregate_plan"])
        if row["strategy"] == "blended"
    }
    for month, alpha in ((9, Decimal(5)), (10, Decimal("5.6")), (12, Decimal("5.6"))):
        needed = sum(
            amount * (alpha if name.startswith("A") else 5) for (name, when), amount in output.items() if when == month
        )
        assert float(spent(made, "material")[month]) == pytest.approx(float(needed), abs=0.03), month
    assert check_plan(made) == []


def test_a_family_planned_as_one_is_dearer_by_its_mix(small_company, company, cycle):
    """A1 (100 a month) goes from 5 to 9, A2 (300) stays at 5: a unit of the family costs 6."""
    given = small_company(cost_changes=[{"product_id": "A1", "month_from": date(2026, 8, 1), "replace_rate": 9}])
    known = {**given, "planning_approach": approach_of(given, "top_down")}
    rows = tables.rows(with_problem(known, company, cycle)["planning_months"])
    found = {row["month"].month: row["unit_material_cost"] for row in rows if row["product_id"] == "Alpha"}
    assert found.get(7) is None
    assert {found[month] for month in range(8, 13)} == {6}
