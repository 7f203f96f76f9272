"""People, money, time and units: every line from the plan it commits to, beside what there is, with its owner."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.language.decisions import owner_words
from sop_pipeline.reconciliation.operational_plan import CommitmentInputs, operational_plan
from sop_pipeline.reconciliation.resource_plans import ResourceInputs, resource_plans
from sop_pipeline.reconciliation.volume_plans import inventory_plan, production_plan, sales_plan
from sop_pipeline.tables.outputs.columns import DEPARTMENTS
from sop_pipeline.validation import identities
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
    return both(company, **inputs).operational_plan


def both(company, **inputs):
    people = resource_plans(_of(ResourceInputs, inputs), company=company)
    return operational_plan(_of(CommitmentInputs, {**inputs, **vars(people)}), company=company)


def _of(kind, inputs):
    return kind(**{field.name: inputs.get(field.name, tables.empty(field.name)) for field in dataclasses.fields(kind)})


CREW = {"resource_id": "crew", "kind": "labour", "site_id": "north", "opening_units": 10, "hours_per_day": 8}
CREW |= {"overtime_limit_pct": 10, "max_units": 15, "max_hires": 4, "hire_lead_months": 2}
PRESS = {"resource_id": "press", "kind": "machine", "unit": "presses", "opening_units": 3, "hours_per_day": 10}
MARCH = {"strategy": "blended", "scenario": "base", "month": "2026-03", "chosen": True, "revenue": 1290}
MARCH |= {"material": 420, "subcontracting": 25, "regular_pay": 38000, "hiring": 1000, "fixed_cost": 500}
MARCH |= {"receipts": 900, "cash_flow": -39045, "cash": 10955}
SPENT_ON_PEOPLE = ("strategy", "scenario", "month", "chosen", "regular_pay", "hiring")
RESIN = {"resource_id": "resin", "kind": "material", "unit": "kg", "capacity": 500}


@pytest.fixture
def inputs(schedule, demand_plan, products, lifecycle, calendar):
    resources = [CREW, PRESS, RESIN]
    return {
        "sales_plan": sales_plan(schedule, demand_plan, products),
        "production_plan": production_plan(schedule, calendar, sites(schedule)),
        "site_schedule": sites(schedule),
        "inventory_plan": inventory_plan(schedule, demand_plan, products),
        "resource_plan": make(
            "resource_plan",
            used("blended", "crew", "labour", "2026-03", units=11.2, hires=1.2, regular_hours=1900, overtime_hours=40)
            | {"available": 1971.2},
            used("blended", "crew", "labour", "2026-04", units=11.2, regular_hours=1000) | {"available": 1792},
            used("blended", "press", "machine", "2026-03", units=3, units_down=1, regular_hours=400)
            | {"available": 440},
            used("blended", "resin", "material", "2026-03", regular_hours=77) | {"available": 500},
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
        "plan_money": make("plan_money", MARCH),
        "planning_demand": make("planning_demand", *[{"product_id": "bar", "month": when, "quantity": 1}
                                                     for when in ("2026-03", "2026-04", "2026-05")]),
        "planning_calendar": make(
            "planning_calendar",
            {"month": "2026-03", "working_days": 22},
            {"month": "2026-04", "working_days": 20},
            {"month": "2026-05", "working_days": 0, "shutdown": "Retrofit"},
            {"month": "2026-04", "working_days": 18, "site_id": "north"},
        ),
        "planning_resources": make("planning_resources", *resources),
        "resources": make("resources", *resources),
        "products": products,
        "product_lifecycle": lifecycle,
    }  # fmt: skip


@pytest.fixture
def rows(inputs, company):
    return by(planned(company, **inputs), "month", "department", "site_id", "commitment", "item")


def test_people_and_time_by_resource(rows):
    heads = rows["2026-03", "production", "north", "employ", "crew"]
    assert (heads["quantity"], heads["unit"], heads["allots"], heads["available"]) == (12, "heads", "people", 15)
    assert owner_words(heads) == "Head of production, north"
    hire = rows["2026-03", "human_resources", "north", "hire", "crew"]
    assert (hire["quantity"], hire["available"], hire["due_on"]) == (2, 4, date(2026, 1, 1)), "whole heads, 2 months on"
    overtime = rows["2026-03", "production", "north", "overtime_hours", "crew"]
    assert (overtime["quantity"], overtime["allots"]) == (40, "time")
    assert overtime["available"] == Decimal("197.12"), "a tenth of 8 hours x 22 days x 11.2 heads"
    pressed = rows["2026-03", "production", None, "regular_hours", "press"]
    assert (pressed["quantity"], pressed["available"]) == (400, 440)
    standing = rows["2026-03", "production", None, "stand_still", "press"]
    assert (standing["quantity"], standing["unit"], standing["available"]) == (1, "presses", 3)
    assert rows["2026-03", "production", None, "run", "press"]["quantity"] == 2
    assert not any(key[3] == "lay_off" for key in rows)


def test_heads_balance_in_whole_heads(inputs, company):
    people = by(resource_plans(_of(ResourceInputs, inputs), company=company).workforce_plan, "month")
    march, april = people["2026-03"], people["2026-04"]
    assert (march["opening_heads"], march["hires"], march["heads"], march["planned_heads"]) == (
        10, 2, 12, Decimal("11.2"))  # fmt: skip
    assert (april["opening_heads"], april["hires"], april["layoffs"], april["heads"]) == (12, 0, 0, 12)
    paid = ("regular_pay", "overtime_pay", "temporary_pay", "hiring_cost", "layoff_cost")
    assert [march[name] for name in paid] == [38000, 0, 0, 1000, 0]
    assert [april[name] for name in paid] == [0, 0, 0, 0, 0], "what is not paid is nothing, and no blank"


def test_a_hair_above_a_whole_head_is_no_head_more(inputs, company):
    plan = make("resource_plan", used("blended", "crew", "labour", "2026-03", units="12.0099", layoffs=0))
    people = resource_plans(_of(ResourceInputs, {**inputs, "resource_plan": plan}), company=company).workforce_plan
    assert tables.rows(people)[0]["heads"] == 12


def test_working_days_are_the_sites_own_and_a_shutdown_is_named(rows):
    assert rows["2026-04", "production", "north", "work", "north"]["quantity"] == 18
    assert ("2026-04", "production", None, "work", "Two Families") not in rows, "days are those of the sites"
    shut = rows["2026-05", "production", "north", "work", "north"]
    assert (shut["quantity"], shut["note"]) == (0, "Retrofit"), "a month of no working days is told"


@pytest.mark.parametrize(
    ("stated", "limit"),
    [
        ({"overtime_limit_pct": 10, "overtime_hours_per_unit": 5}, 56),
        ({"overtime_limit_pct": None, "overtime_hours_per_unit": 5}, 56),
        ({"overtime_limit_pct": None, "overtime_rate": 30}, None),
        ({"overtime_limit_pct": None}, 0),
    ],
)
def test_most_overtime_is_the_least_of_its_limits(inputs, company, stated, limit):
    crew = make("planning_resources", {**CREW, **stated})
    capacity = resource_plans(_of(ResourceInputs, {**inputs, "planning_resources": crew}), company=company)
    assert by(capacity.capacity_plan, "resource_id", "month")["crew", "2026-03"]["overtime_limit"] == limit


def test_the_overtime_of_a_month_comes_before_every_rule(inputs, company):
    own = make("planning_resource_months", {"resource_id": "crew", "month": "2026-03", "overtime_hours": 33})
    capacity = resource_plans(_of(ResourceInputs, {**inputs, "planning_resource_months": own}), company=company)
    assert by(capacity.capacity_plan, "resource_id", "month")["crew", "2026-03"]["overtime_limit"] == 33


def test_capacity_that_is_no_companys_resource_is_no_hours(inputs, company):
    """A company without resources makes so many of its units: it has no hours and no machines."""
    default = {"resource_id": "capacity", "kind": "machine", "unit": "kg", "opening_units": 1, "hours_per_day": 50}
    plan = make(
        "resource_plan",
        used("blended", "capacity", "machine", "2026-03", units=1, regular_hours=900) | {"available": 1000},
    )
    given = {**inputs, "resources": tables.empty("resources"), "resource_plan": plan}
    given["planning_resources"] = make("planning_resources", {**default, "overtime_limit_pct": 10})
    rows = by(planned(company, **given), "month", "commitment", "item")
    line = rows["2026-03", "use_capacity", "capacity"]
    assert (line["quantity"], line["available"], line["unit"]) == (900, 1110, "kg"), "a tenth of 50 a day on 22 days"
    assert not {"run", "regular_hours", "employ"} & {key[1] for key in rows}


def test_materials_to_order_by_date(inputs, company):
    orders = make(
        "material_orders",
        {"material_id": "resin", "month": "2026-03", "requirement": 77, "receipt": 90, "stock": 33, "late": False,
         "order_by": "2026-02-20", "needed_on": "2026-03-05", "cost": 180},
    )  # fmt: skip
    materials = make("materials", {"material_id": "resin", "unit_cost": 2, "on_hand": 15, "on_order": 5,
                                   "max_receipt": 400})  # fmt: skip
    given = {**inputs, "material_orders": orders, "materials": materials}
    plan = by(resource_plans(_of(ResourceInputs, given), company=company).material_plan, "material_id")["resin"]
    assert (plan["requirement"], plan["order_quantity"], plan["on_order"], plan["stock"]) == (77, 90, 5, 33)
    assert (plan["supply_limit"], plan["order_value"], plan["stock_value"]) == (400, 180, 66)
    line = by(planned(company, **given), "commitment", "item")["order", "resin"]
    assert (line["quantity"], line["due_on"], line["unit"], line["available"]) == (90, date(2026, 2, 20), "kg", 400)


def test_material_is_taken_where_it_is_used(inputs, company):
    """Bar takes 2 kg a unit at north, oil 1 kg a unit nowhere in particular: 80 x 2 and 20 x 1 share the 77."""
    features = make(
        "planned_features",
        {"product_id": "bar", "feature": "resin", "quantity": 2},
        {"product_id": "oil", "feature": "resin", "quantity": 1},
    )
    rows = by(planned(company, **{**inputs, "planned_features": features}), "commitment", "site_id", "item")
    taken = {site: rows["take", site, "resin"]["quantity"] for site in (None, "north")}
    assert taken == {None: Decimal("8.5556"), "north": Decimal("68.4444")}


def test_units_by_family_and_material(rows):
    assert rows["2026-03", "sales", None, "sell", "Snacks"]["quantity"] == 110
    assert rows["2026-03", "sales", None, "sell", "Snacks"]["unit"] == "kg"
    assert rows["2026-03", "production", "north", "make", "Snacks"]["quantity"] == 90
    assert rows["2026-03", "production", None, "make", "Oils"]["quantity"] == 20
    assert rows["2026-03", "purchasing", None, "subcontract", "Oils"]["quantity"] == 10
    material = rows["2026-03", "purchasing", None, "take", "resin"]
    assert (material["quantity"], material["unit"]) == (77, "kg")


def test_money_of_the_chosen_plan_alone(rows):
    assert rows["2026-03", "purchasing", "north", "material_cost", "Snacks"]["quantity"] == 420
    assert rows["2026-03", "purchasing", None, "subcontracting_cost", "Oils"]["quantity"] == 25
    assert rows["2026-03", "production", "north", "regular_pay", "crew"]["quantity"] == 38000
    assert rows["2026-03", "sales", None, "revenue", "Snacks"]["quantity"] == 1200
    assert rows["2026-03", "sales", None, "revenue", "Snacks"]["unit"] == "EUR"
    assert "shortfall" not in " ".join(key[3] for key in rows)


def test_cash_of_the_company_against_what_there_is(rows):
    paid = rows["2026-03", "finance", None, "pay", "Two Families"]
    assert (paid["quantity"], paid["available"]) == (39945, 50900), "cash at the start with what customers pay"
    assert rows["2026-03", "finance", None, "cash_balance", "Two Families"]["quantity"] == 10955
    assert rows["2026-03", "finance", None, "fixed_cost", "Two Families"]["quantity"] == 500


def test_it_adds_up_to_the_plans_it_commits_to(inputs, company, rows):
    sold = sum(row["quantity"] for key, row in rows.items() if key[3] == "sell")
    assert sold == sum(row["sales"] for row in tables.rows(inputs["sales_plan"]))
    made = sum(row["quantity"] for key, row in rows.items() if key[3] == "make" and not row["detail"])
    assert made == sum(row["output"] for row in tables.rows(inputs["production_plan"]))


def test_without_money_people_time_and_units_remain(inputs, company, schedule, demand_plan, products_without_money):
    bare = {
        **inputs,
        "sales_plan": sales_plan(schedule, demand_plan, products_without_money),
        "products": products_without_money,
        "plan_money": tables.empty("plan_money"),
    }
    allotted = set(planned(company, **bare).column("allots").to_pylist())
    assert allotted == {"people", "time", "units"}
    paid = make("resources", {**CREW, "regular_rate": 20})
    pay = make("plan_costs", *[row for row in inputs["plan_costs"].to_pylist() if row["item"] == "crew"])
    spent = make("plan_money", {name: MARCH[name] for name in SPENT_ON_PEOPLE})
    rows = by(
        planned(company, **{**bare, "resources": paid, "plan_money": spent, "plan_costs": pay}),
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
    nothing = both(company, **{name: empty(name) for name in inputs})
    assert nothing.operational_plan == empty("operational_plan")
    assert nothing.commitment_sheets == empty("commitment_sheets")


def test_owners_by_department_and_by_site(inputs):
    named = {"sales": "Ada", "production": {"north": "Ben", "all": "Cy"}}
    owned = Company.model_validate({"company": "Two", "sources": {}, "owners": named})
    rows = by(planned(owned, **inputs), "commitment", "site_id", "item")
    assert rows["sell", None, "Snacks"]["owner"] == "Ada"
    assert rows["make", "north", "Snacks"]["owner"] == "Ben"
    assert rows["make", None, "Oils"]["owner"] == "Cy"
    assert rows["hire", "north", "crew"]["owner"] is None


# -- sheets ------------------------------------------------------------------------------------------------------------


def test_a_sheet_has_what_its_department_commits_to_and_what_others_commit_to_it(inputs, company):
    sheets = by(both(company, **inputs).commitment_sheets, "month", "sheet", "commitment", "item")
    for sheet in ("production", "human_resources"):
        line = sheets["2026-03", sheet, "employ", "crew"]
        assert (line["quantity"], line["department"]) == (12, "production")
    assert ("2026-03", "human_resources", "regular_hours", "press") not in sheets
    assert sheets["2026-03", "production", "regular_hours", "press"]["quantity"] == 400
    for sheet in ("sales", "logistics"):
        assert sheets["2026-03", sheet, "sell", "Snacks"]["quantity"] == 110
    for sheet in ("human_resources", "finance"):
        assert sheets["2026-03", sheet, "hiring_cost", "crew"]["quantity"] == 1000


def _numbers(company, inputs, **changed):
    people = resource_plans(_of(ResourceInputs, inputs), company=company)
    known = {**inputs, **vars(people)}
    known |= vars(operational_plan(_of(CommitmentInputs, known), company=company)) | changed
    return identities.one_set_of_numbers(_of(identities.Deliverables, known))


def test_sheets_plan_and_deliverables_agree(inputs, company):
    assert _numbers(company, inputs).passed


@pytest.mark.parametrize(
    ("table", "column", "said"),
    [
        ("workforce_plan", "heads", "employ by resource"),
        ("capacity_plan", "load", "hours by resource"),
        ("material_plan", "requirement", "take by material"),
        ("production_plan", "output", "make by product"),
        ("commitment_sheets", "quantity", "sheet: "),
        ("plan_money", "regular_pay", "regular_pay"),
        ("inventory_plan", "inventory", "stock by product"),
    ],
)
def test_one_number_that_differs_is_found(inputs, company, table, column, said):
    people = resource_plans(_of(ResourceInputs, inputs), company=company)
    known = {**inputs, **vars(people)}
    known |= vars(operational_plan(_of(CommitmentInputs, known), company=company))
    rows = tables.rows(known[table])
    place = next(n for n, row in enumerate(rows) if row[column])
    rows[place][column] += Decimal(1).scaleb(-tables.get(table)[column].kind.places)
    found = _numbers(company, inputs, **{table: tables.conform(table, rows)})
    assert not found.passed
    assert any(said in row["rule"] for row in found.sample), found.sample


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
    assert rows["2026-03", "production", "south", "make", "bar"]["quantity"] == Decimal("53.3331"), "by product, too"
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
    other = ("make", "work", "material_cost")
    assert {k: v for k, v in rows.items() if k[3] not in other} == {
        k: v for k, v in before.items() if k[3] not in other
    }
