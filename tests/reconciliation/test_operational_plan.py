"""People, money, time and units: every line from the plan it commits to, and they add up to it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.language.decisions import owner_words
from sop_pipeline.reconciliation.operational_plan import CommitmentInputs, operational_plan
from sop_pipeline.reconciliation.volume_plans import inventory_plan, production_plan, sales_plan
from sop_pipeline.tables.outputs.columns import DEPARTMENTS
from tests.reconciliation.conftest import by, make, sites


def used(strategy, resource, kind, when, **numbers):
    names = ("units", "hires", "layoffs", "temporary", "regular_hours", "overtime_hours", "idle_hours", "units_down")
    base = {"strategy": strategy, "scenario": "base", "resource_id": resource, "kind": kind, "month": when}
    return base | dict.fromkeys(names, 0) | numbers


def cost(strategy, item, kind, amount):
    return {
        "strategy": strategy,
        "scenario": "base",
        "month": "2026-03",
        "item": item,
        "kind": kind,
        "amount": amount,
    }


def summary(strategy, *, chosen):
    zero = ("total_cost", "shortfall_cost", "total_revenue", "total_profit", "lost_units", "late_units")
    more = ("peak_inventory", "hires", "layoffs", "overtime_hours")
    base = {"strategy": strategy, "scenario": "base", "status": "optimal", "chosen": chosen}
    return base | dict.fromkeys((*zero, *more), 0)


def planned(company, **inputs):
    return operational_plan(CommitmentInputs(**inputs), company=company)


@pytest.fixture
def inputs(schedule, demand_plan, products, calendar, lifecycle):
    return {
        "sales_plan": sales_plan(schedule, demand_plan, products),
        "production_plan": production_plan(schedule, calendar, sites(schedule)),
        "site_schedule": sites(schedule),
        "inventory_plan": inventory_plan(schedule, demand_plan, products),
        "resource_plan": make(
            "resource_plan",
            used("blended", "crew", "labour", "2026-03", units=12, hires=2, regular_hours=1900, overtime_hours=40),
            used("blended", "press", "machine", "2026-03", units=3, regular_hours=400),
            used("blended", "resin", "material", "2026-03", regular_hours=77),
            used("level", "crew", "labour", "2026-03", units=99, layoffs=9),
        ),
        "plan_costs": make(
            "plan_costs",
            cost("blended", "crew", "regular_pay", 38000),
            cost("blended", "crew", "hiring", 1000),
            cost("blended", "bar", "material", 320),
            cost("blended", "nut", "material", 100),
            cost("blended", "Oils", "subcontracting", 25),
            cost("blended", "bar", "shortfall", 9),
            cost("level", "bar", "material", 7),
        ),
        "plan_summary": make("plan_summary", summary("blended", chosen=True), summary("level", chosen=False)),
        "resources": make(
            "resources",
            {"resource_id": "crew", "kind": "labour", "site_id": "north"},
            {"resource_id": "press", "kind": "machine"},
            {"resource_id": "resin", "kind": "material", "unit": "kg"},
        ),
        "products": products,
        "product_lifecycle": lifecycle,
    }


@pytest.fixture
def rows(inputs, company):
    return by(planned(company, **inputs), "month", "department", "site_id", "commitment", "item")


def test_people_and_time_by_resource(rows):
    heads = rows["2026-03", "production", "north", "employ", "crew"]
    assert (heads["quantity"], heads["unit"], heads["allots"]) == (12, "heads", "people")
    assert owner_words(heads) == "Head of production, north"
    assert rows["2026-03", "human_resources", None, "hire", "crew"]["quantity"] == 2
    overtime = rows["2026-03", "production", "north", "overtime_hours", "crew"]
    assert (overtime["quantity"], overtime["allots"]) == (40, "time")
    assert rows["2026-03", "production", None, "regular_hours", "press"]["quantity"] == 400
    assert not any(key[3] == "lay_off" for key in rows)


def test_units_by_family_and_material(rows):
    assert rows["2026-03", "sales", None, "sell", "Snacks"]["quantity"] == 110
    assert rows["2026-03", "sales", None, "sell", "Snacks"]["unit"] == "kg"
    assert rows["2026-03", "production", "north", "make", "Snacks"]["quantity"] == 90
    assert rows["2026-03", "production", None, "make", "Oils"]["quantity"] == 20
    assert rows["2026-03", "purchasing", None, "subcontract", "Oils"]["quantity"] == 10
    material = rows["2026-03", "purchasing", None, "take", "resin"]
    assert (material["quantity"], material["unit"]) == (77, "kg")


def test_money_of_the_chosen_plan_alone(rows):
    assert rows["2026-03", "purchasing", None, "material_cost", "Snacks"]["quantity"] == 420
    assert rows["2026-03", "purchasing", None, "subcontracting_cost", "Oils"]["quantity"] == 25
    assert rows["2026-03", "production", "north", "regular_pay", "crew"]["quantity"] == 38000
    assert rows["2026-03", "sales", None, "revenue", "Snacks"]["quantity"] == 1200
    assert rows["2026-03", "sales", None, "revenue", "Snacks"]["unit"] == "EUR"
    assert "shortfall" not in " ".join(key[3] for key in rows)


def test_it_adds_up_to_the_plans_it_commits_to(inputs, company, rows):
    sold = sum(row["quantity"] for key, row in rows.items() if key[3] == "sell")
    assert sold == sum(row["sales"] for row in tables.rows(inputs["sales_plan"]))
    made = sum(row["quantity"] for key, row in rows.items() if key[3] == "make")
    assert made == sum(row["output"] for row in tables.rows(inputs["production_plan"]))


def test_without_money_people_time_and_units_remain(inputs, company, schedule, demand_plan, products_without_money):
    bare = {
        **inputs,
        "sales_plan": sales_plan(schedule, demand_plan, products_without_money),
        "products": products_without_money,
    }
    allotted = set(planned(company, **bare).column("allots").to_pylist())
    assert allotted == {"people", "time", "units"}
    paid = make("resources", {"resource_id": "crew", "kind": "labour", "regular_rate": 20})
    rows = by(
        planned(company, **{**bare, "resources": paid}),
        "allots",
        "commitment",
        "item",
    )
    assert {key[1:] for key in rows if key[0] == "money"} == {("regular_pay", "crew"), ("hiring_cost", "crew")}


def test_units_that_cannot_be_added_are_listed_by_product(inputs, company, products):
    mixed = [{**row, "unit_of_measure": row["product_id"]} for row in products.to_pylist()]
    plan = planned(company, **{**inputs, "products": make("products", *mixed)})
    rows = by(plan, "month", "department", "site_id", "commitment", "item")
    assert rows["2026-03", "sales", None, "sell", "bar"]["quantity"] == 100
    assert ("2026-03", "sales", None, "sell", "Snacks") not in rows


def test_without_a_summary_the_configured_strategy_counts(inputs, company):
    level = company.model_copy(update={"supply": company.supply.model_copy(update={"strategy": "level"})})
    plan = planned(level, **{**inputs, "plan_summary": tables.empty("plan_summary")})
    assert by(plan, "commitment", "item")["employ", "crew"]["quantity"] == 99


def test_nothing_planned(empty, company, inputs):
    assert planned(company, **{name: empty(name) for name in inputs}) == empty("operational_plan")


def test_every_department_has_a_head():
    heads = {name: owner_words({"department": name, "site_id": None}) for name in DEPARTMENTS}
    assert heads["sales"] == "Head of sales"
    assert heads["human_resources"] == "Head of human resources"
    assert owner_words({"department": "production", "site_id": "south"}) == "Head of production, south"


@pytest.mark.parametrize("equivalent", [None, "0.333333"])
def test_production_is_by_the_site_that_makes_it(inputs, company, products, equivalent):
    """Bar is made at two plants in March: each has its part, and the parts foot to the plan in any unit of the family.

    In thirds the parts are 8.8889, 17.7777 and 0.0001, rounded one by one 26.6667; 80 in thirds are 26.6666.
    """
    parts = {"north": "26.6667", "south": "53.3331", None: "0.0002"}
    march = [
        {"product_id": "bar", "family": "Snacks", "site_id": site, "month": "2026-03", "output": amount}
        for site, amount in parts.items()
    ]
    rest = [
        row
        for row in inputs["site_schedule"].to_pylist()
        if not (row["product_id"] == "bar" and row["month"].month == 3)
    ]
    given = {**inputs, "site_schedule": make("site_schedule", *march, *rest)}
    if equivalent:
        mixed = [
            {**row, "unit_of_measure": row["product_id"], "equivalent_units": Decimal(equivalent)}
            for row in products.to_pylist()
        ]
        given["products"] = make("products", *mixed)
    plan = planned(company, **given)
    rows = by(plan, "month", "department", "site_id", "commitment", "item")
    before = by(planned(company, **{**given, "site_schedule": inputs["site_schedule"]}),
                "month", "department", "site_id", "commitment", "item")  # fmt: skip
    made = {
        key[2]: row["quantity"]
        for key, row in rows.items()
        if (key[0], key[1]) == ("2026-03", "production") and key[3:] == ("make", "Snacks")
    }
    assert set(made) == {None, "north", "south"}
    assert sum(made.values()) == before["2026-03", "production", "north", "make", "Snacks"]["quantity"]
    factor = Decimal(equivalent or 1)
    assert abs(made["south"] - Decimal("53.3331") * factor) <= Decimal("0.0001")
    assert owner_words(rows["2026-03", "production", "south", "make", "Snacks"]) == "Head of production, south"
    assert {k: v for k, v in rows.items() if k[3] != "make"} == {k: v for k, v in before.items() if k[3] != "make"}
