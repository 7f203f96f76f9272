"""Every default in use is listed with its numbers, and only those in use."""

from __future__ import annotations

import pytest

from sop_pipeline import tables
from sop_pipeline.language.reconciliation import default_words
from sop_pipeline.reconciliation.defaults import MoneyInputs, defaults_used, money_defaults
from sop_pipeline.reconciliation.volume_plans import sales_plan
from tests.reconciliation.conftest import by, make


@pytest.fixture
def build(schedule, demand_plan, products, lifecycle, company, cycle):
    def made(*, catalogue=products, company=company, **given):
        names = ("sales", "production", "orders", "business_plan", "last_plan", "operational_plan", "workforce_plan")
        inputs = MoneyInputs(
            sales_plan=sales_plan(schedule, demand_plan, catalogue),
            products=catalogue,
            product_lifecycle=lifecycle,
            **{name: given.get(name, tables.empty(name)) for name in names},
        )
        return by(money_defaults(inputs, company=company, cycle=cycle), "default_id")

    return made


def test_a_company_with_everything_uses_none_but_what_is_always_simplified(build, schedule):
    families = sorted(set(schedule.column("family").to_pylist()))
    found = build(
        orders=make(
            "orders",
            {"order_id": "1", "line": "1", "product_id": "bar", "requested_on": "2026-01-01", "quantity": 1},
        ),
        business_plan=make("business_plan", *({"month": "2026-03", "family": family} for family in families)),
        last_plan=make(
            "last_plan",
            {"cycle": "2026-02", "product_id": "bar", "family": "Snacks", "month": "2026-03"}
            | dict.fromkeys(("demand", "sales", "output", "inventory"), 0),
        ),
    )
    assert set(found) == {"bridge_mix", "no_most_stock", "shared_by_revenue", "no_opening_cash"}
    assert found["no_most_stock"]["items"] == 2


def test_no_money_no_plan_no_orders_no_sales(build, products_without_money):
    found = build(
        catalogue=products_without_money,
        production=make("production", {"date": "2026-01-01", "product_id": "bar", "quantity": 1}),
    )
    assert found["no_price"]["items"] == 3
    assert found["no_price"]["among"] == 3
    assert default_words(found["no_price"], currency="EUR")[0] == "unit_price of 3 of 3 planned products"
    assert found["no_cost"]["items"] == 3
    assert found["sales_from_production"]["items"] == 1
    assert {"no_business_plan", "no_orders", "no_last_cycle"} <= set(found)
    assert "no_material_cost" not in found


def test_shared_fixed_cost_and_units_that_cannot_be_added(build, company, products):
    finance = company.finance.model_copy(update={"fixed_cost_month": 1200.0})
    mixed = [{**row, "unit_of_measure": row["product_id"]} for row in products.to_pylist()]
    found = build(catalogue=make("products", *mixed), company=company.model_copy(update={"finance": finance}))
    assert found["units_not_added"]["items"] == 1
    assert found["shared_by_revenue"]["amount"] == 1200
    assert "€1,200 fixed cost a month" in default_words(found["shared_by_revenue"], currency="EUR")[1]


def test_cash_is_a_change_until_its_opening_balance_is_given(build, company, products_without_money):
    known = company.finance.model_copy(update={"opening_cash": 0.0})
    assert "no_opening_cash" in build()
    assert "no_opening_cash" not in build(company=company.model_copy(update={"finance": known}))
    assert not {"no_opening_cash", "shared_by_revenue"} & set(build(catalogue=products_without_money))


def test_the_union_keeps_every_row_apart():
    def one(table, name):
        return make(table, {"default_id": name, "items": 1})

    found = by(
        defaults_used(
            one("demand_defaults", "no_family"), one("supply_defaults", "no_family"), one("money_defaults", "no_price")
        ),
        "step",
        "default_id",
    )
    assert set(found) == {("demand", "no_family"), ("supply", "no_family"), ("money", "no_price")}


def test_nothing_used(empty):
    assert defaults_used(*[empty(f"{name}_defaults") for name in ("demand", "supply", "money")]) == empty(
        "defaults_used"
    )


def test_departments_without_an_owner_and_heads_in_fractions(build):
    line = {"month": "2026-03", "commitment": "employ", "item_kind": "resource", "item": "crew", "allots": "people"}
    heads_of = {"quantity": 12, "unit": "heads", "detail": False}
    heads = {"resource_id": "crew", "month": "2026-03", "heads": 12, "planned_heads": 11.2, "opening_heads": 12}
    heads |= dict.fromkeys(("hires", "layoffs", "temporary", "planned_temporary", "regular_hours", "overtime_hours"), 0)
    found = build(
        operational_plan=make(
            "operational_plan",
            {**line, **heads_of, "department": "production"},
            {**line, **heads_of, "department": "sales", "owner": "Ada"},
        ),
        workforce_plan=make("workforce_plan", heads, {**heads, "month": "2026-04", "planned_heads": 12}),
    )
    assert (found["owners_not_named"]["items"], found["owners_not_named"]["among"]) == (1, 2)
    assert (found["whole_heads"]["items"], found["whole_heads"]["among"]) == (1, 2)


def test_families_that_the_business_plan_leaves_out_are_named(build, schedule):
    """Their revenue stands in the company's latest view and in no plan, so its gap compares unlike things."""
    families = sorted(set(schedule.column("family").to_pylist()))
    found = build(business_plan=make("business_plan", {"month": "2026-03", "family": "Elsewhere"}))
    told = found["business_plan_families"]
    assert (told["items"], told["among"], told["subject"]) == (len(families), len(families), ", ".join(families))
    assert default_words(told, currency="EUR")[0] == f"a business plan of {', '.join(families)}"
    every = [{"month": "2026-03", "family": family} for family in families]
    assert "business_plan_families" not in build(business_plan=make("business_plan", *every))
    assert "business_plan_families" not in build()
