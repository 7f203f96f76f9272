"""What the company assumes against what the plan's numbers hold; amounts by hand."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest

from sop_pipeline import tables
from sop_pipeline.reconciliation.assumption_effects import AssumptionInputs, assumption_effects
from tests.reconciliation.conftest import by, make


def assumed(name, driver=None, pct=None, month="2026-04"):
    return {"assumption_id": name, "text": name, "driver": driver, "month_from": month, "change_pct": pct}


@pytest.fixture
def judge(schedule, company, money_tables):
    known = vars(money_tables())

    def judged(*assumptions, **given):
        inputs = known | {"assumptions": make("assumptions", *assumptions)} | given
        wanted = {field.name: inputs.get(field.name, tables.empty(field.name)) for field in fields(AssumptionInputs)}
        return by(assumption_effects(AssumptionInputs(**wanted), company=company), "assumption_id")

    return judged


def prices(bar: dict[str, Any]) -> list[dict[str, Any]]:
    own: dict[str, tuple[dict[str, Any], str]] = {
        "bar": (bar, "Snacks"),
        "nut": (dict.fromkeys(bar, 20), "Snacks"),
        "oil": (dict.fromkeys(bar, 3), "Oils"),
    }
    return [
        {"product_id": name, "family": family, "month": when, "list_price": 99, "unit_price": price, "source": "list"}
        for name, (course, family) in own.items()
        for when, price in course.items()
    ]


def test_a_price_rise_that_no_price_has_is_worth_what_it_would_bring(judge):
    """April and May sell 90 and 110 bars, 20 nuts and 60 litres: 2,580 at the prices of March; 5% more are 129."""
    flat = make("planned_prices", *prices(dict.fromkeys(("2026-03", "2026-04", "2026-05"), 10)))
    row = judge(assumed("rise", "price", 5), planned_prices=flat)["rise"]
    assert (row["status"], row["planned_pct"], row["effect"]) == ("not_in_numbers", 0, 129)


def test_a_price_rise_that_the_prices_have_is_in_the_numbers(judge, money_tables):
    """Every price rises by a tenth in April, as assumed."""
    course = {"2026-03": 1, "2026-04": Decimal("1.1"), "2026-05": Decimal("1.1")}
    flat = prices(dict.fromkeys(course, 10))
    rows = [{**row, "unit_price": row["unit_price"] * course[row["month"]]} for row in flat]
    own = {(row["product_id"], row["month"]): row["unit_price"] for row in rows}
    sold = [
        {**row, "unit_price": own[row["product_id"], f"{row['month']:%Y-%m}"]}
        for row in tables.rows(money_tables().sales_plan)
    ]
    given = {"planned_prices": make("planned_prices", *rows), "sales_plan": make("sales_plan", *sold)}
    found = judge(assumed("rise", "price", 10), assumed("more", "price", 12), **given)
    assert (found["rise"]["status"], found["rise"]["planned_pct"], found["rise"]["effect"]) == ("in_numbers", 10, 0)
    assert (found["more"]["status"], found["more"]["effect"]) == ("not_in_numbers", Decimal("51.6"))


def test_pay_and_material_count_against_the_result(judge):
    """From April 685 are paid and 1,120 of material are used; the crew's May pay is already up by 4%."""
    up = make("planned_costs", {"kind": "resource", "subject": "crew", "month": "2026-05", "change_pct": 4})
    found = judge(assumed("wages", "pay", 4), assumed("resin", "material", 2.5), planned_costs=up)
    before = 320 + Decimal(365) / Decimal("1.04")
    assert found["wages"]["status"] == "not_in_numbers"
    assert found["wages"]["effect"] == round(-(Decimal("0.04") - (685 / before - 1)) * before, 2) == Decimal("-12.80")
    assert found["resin"]["effect"] == -28


def test_what_is_text_alone_is_not_measured(judge):
    found = judge(assumed("an average summer"))
    assert found["an average summer"]["status"] == "not_measured"
    assert found["an average summer"]["effect"] is None


def test_an_assumption_about_one_subject_is_held_against_it_alone(judge):
    """The crew's pay is up by 4% in May, the resin's cost from April on, each as assumed of it and of nothing else."""
    up = make(
        "planned_costs",
        *({"kind": "resource", "subject": "crew", "month": when, "change_pct": 4} for when in ("2026-04", "2026-05")),
        *({"kind": "material", "subject": "resin", "month": when, "change_pct": 6} for when in ("2026-04", "2026-05")),
    )
    taken = [
        {"strategy": "blended", "scenario": "base", "material_id": name, "month": when, "requirement": amount}
        | {"receipt": amount, "stock": 0}
        for name, amount in (("resin", 200), ("cork", 50))
        for when in ("2026-03", "2026-04", "2026-05")
    ]
    given = {
        "planned_costs": up,
        "planned_prices": make("planned_prices", *prices(dict.fromkeys(("2026-03", "2026-04", "2026-05"), 10))),
        "material_flows": make("material_flows", *taken),
        "materials": make(
            "materials", *({"material_id": name, "unit_cost": cost} for name, cost in (("resin", 3), ("cork", 8)))
        ),
    }
    found = judge(
        assumed("crew", "pay", 4) | {"subject": "crew"},
        assumed("nobody", "pay", 4) | {"subject": "press"},
        assumed("resin", "material", 6) | {"subject": "resin"},
        assumed("cork", "material", 6) | {"subject": "cork"},
        assumed("bar", "price", 5) | {"subject": "bar"},
        assumed("snacks", "price", 5) | {"subject": "Snacks"},
        **given,
    )
    told = {name: (row["status"], row["planned_pct"], row["effect"]) for name, row in found.items()}
    assert told == {
        "crew": ("in_numbers", 4, 0),
        "nobody": ("not_measured", None, None),
        "resin": ("in_numbers", 6, 0),
        "cork": ("not_in_numbers", 0, -48),  # 6% of 2 x 50 x 8
        "bar": ("not_in_numbers", 0, 100),  # 5% of 200 bars at 10
        "snacks": ("not_in_numbers", 0, 120),  # and of 20 nuts at 20
    }
