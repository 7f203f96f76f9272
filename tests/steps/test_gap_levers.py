"""Gap closing: the cheapest levers for a gap, and what they bring once they are planned again."""

import dataclasses
from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Goal
from sop_pipeline.plan_change import read_changes
from sop_pipeline.reconciliation.goal_results import goal_results
from sop_pipeline.reconciliation.scenarios.money import PastInputs
from sop_pipeline.scenarios.gaps import gaps
from sop_pipeline.scenarios.stages import Stages
from sop_pipeline.scenarios.what_if import what_if
from sop_pipeline.steps.gap_closing import GapInputs, gap_levers
from sop_pipeline.supply.levers.lever import levers_of
from sop_pipeline.supply.levers.pulled import Pull, raises
from sop_pipeline.supply.scenarios.problem import ScenarioInputs
from sop_pipeline.validation import identities
from tests.steps.conftest import CYCLE

pytestmark = pytest.mark.slow
MEETING = date(2026, 7, 20)
CHEAP = {"lever_id": "cheap", "kind": "promotion", "family": "Bread", "limit": 400, "unit_cost": "0.5"}
DEAR = {"lever_id": "dear", "kind": "promotion", "product_id": "pastry-1", "limit": 300, "unit_cost": "4"}
PRICE = {"lever_id": "price", "kind": "price", "family": "Pastry", "limit": 5, "elasticity": "-0.8"}
STOCK = {"lever_id": "stock", "kind": "stock", "family": "Bread", "limit": 200, "unit_cost": "0.1"}
OVERTIME = {"lever_id": "overtime", "kind": "overtime", "resource_id": "ovens", "limit": 400, "unit_cost": "1"}


def given(kind, published):
    return kind(**{field.name: published[field.name] for field in dataclasses.fields(kind)})


def asked(published, *levers, gap=None, goals=(), company=None):
    """The step's own inputs: levers as stated, one year's gap of margin, goals as the plan misses them."""
    figures = tables.empty("key_figures")
    if gap is not None:
        row = {"measure": "margin", "fiscal_year": 2026, "unit": "currency", "basis": "landing"}
        figures = tables.conform("key_figures", [row | {"latest": 0, "business_plan": gap}])
    missed = tables.empty("goal_results")
    if goals:
        of = company.model_copy(update={"goals": list(goals)})
        plans = [published[name] for name in ("plan_money", "plan_summary", "actuals")]
        missed = goal_results(*plans, company=of)
    return GapInputs(tables.conform("levers", list(levers)), figures, missed, published["plan_summary"])


def closed(planned, company, *levers, gap=None, goals=()):
    wanted = asked(planned.tables, *levers, gap=gap, goals=goals, company=company)
    inputs = given(ScenarioInputs, planned.tables), given(PastInputs, planned.tables)
    return gap_levers(*inputs, wanted, company=company, cycle=CYCLE)


def only(table, **wanted):
    (row,) = tables.rows(tables.where(table, **wanted))
    return row


@pytest.fixture(scope="module")
def company(starter):
    return starter.settings


@pytest.fixture(scope="module")
def half(planned, company):
    """A gap that the cheap lever closes with room to spare."""
    return closed(planned, company, CHEAP, DEAR, gap=2000)


def test_the_cheapest_lever_closes_the_gap_alone_and_no_more_than_needed(half):
    found = only(half.gap_sets)
    assert found["status"] == "closed"
    assert Decimal(2000) <= found["brings"] < Decimal(2010)
    assert found["open"] == 0
    used = {row["lever_id"]: row["state"] for row in tables.rows(half.gap_levers)}
    assert used == {"cheap": "used", "dear": "not_needed"}
    lever = only(half.gap_levers, lever_id="cheap")
    assert found["outlay"] == lever["outlay"] == lever["used"] * Decimal("0.5")
    assert lever["decide_by"] == date(2026, 7, 31)


def test_levers_months_and_sets_add_up(half):
    assert identities.gap_levers_add_up(half.gap_sets, half.gap_levers).passed
    months = sum(row["amount"] for row in tables.rows(half.gap_lever_months))
    assert months == only(half.gap_levers, lever_id="cheap")["used"]
    wrong = [row | {"brings": row["brings"] + 1} for row in tables.rows(half.gap_sets)]
    assert not identities.gap_levers_add_up(tables.conform("gap_sets", wrong), half.gap_levers).passed


def test_a_what_if_of_its_changes_brings_the_same_to_the_cent(planned, company):
    over_all = Goal(measure="gross_margin", at_least=10**9, months=24)
    found = closed(planned, company, CHEAP, PRICE, goals=[over_all])
    changes = [each for row in tables.rows(found.gap_levers) if row["changes"] for each in row["changes"].split("; ")]
    assert [change.split()[0] for change in changes] == ["demand", "price", "demand"]
    in_order = [*changes[1:], changes[0]]
    answer = what_if(planned.tables, read_changes(in_order, "x"), company=company, cycle=CYCLE)
    (base,), (after,) = (tables.rows(side.figures) for side in (answer.base, answer.after))
    assert after["gross_margin"] - base["gross_margin"] == only(found.gap_sets)["brings"] > 0
    assert after["contribution"] - base["contribution"] == only(found.gap_sets)["contribution_change"]
    assert after["service"] - base["service"] == only(found.gap_sets)["service_change"]


def test_more_than_the_cheap_one_can_bring_takes_the_dear_one_too(planned, company):
    found = closed(planned, company, CHEAP, DEAR, gap=8000)
    cheap, dear = (only(found.gap_levers, lever_id=name) for name in ("cheap", "dear"))
    assert cheap["used"] == cheap["limit"]
    assert 0 < dear["used"] < 4 * 300
    assert only(found.gap_sets)["status"] == "closed"


def test_what_cannot_be_closed_is_told_with_what_binds(planned, company):
    found = closed(planned, company, CHEAP, gap=10**6)
    row = only(found.gap_sets)
    assert row["status"] == "nearest"
    assert row["open"] == 10**6 - row["brings"] > 0
    assert ("lever", "cheap") in {(each["constraint"], each["item"]) for each in tables.rows(found.gap_limits)}
    worth = next(each["worth"] for each in tables.rows(found.gap_limits) if each["item"] == "cheap")
    months = row["brings"] / only(found.gap_levers, lever_id="cheap")["used"]
    assert worth == pytest.approx(months, rel=Decimal("0.05"))


def test_a_price_goes_by_whole_steps_and_answers_with_demand(planned, company):
    found = closed(planned, company, PRICE, gap=2000)
    lever = only(found.gap_levers, lever_id="price")
    assert lever["used"] in (1, 2, 3, 4, 5)
    price, demand = read_changes(lever["changes"].split("; "), "x")
    assert price.amount == lever["used"]
    assert demand.amount == lever["used"] * Decimal("-0.8")
    assert price.months == demand.months


def test_levers_that_cannot_help_say_why(planned, company):
    late = CHEAP | {"lever_id": "late", "lead_months": 60}
    blind = PRICE | {"lever_id": "blind", "elasticity": None}
    away = CHEAP | {"lever_id": "away", "month_from": date(2027, 3, 1)}
    nobody = OVERTIME | {"lever_id": "nobody", "resource_id": "robots"}
    strange = CHEAP | {"lever_id": "strange", "family": "Cheese"}
    found = closed(planned, company, late, blind, away, nobody, strange, STOCK, gap=1000)
    states = {row["lever_id"]: row["state"] for row in tables.rows(found.gap_levers)}
    assert states == {
        "late": "too_late",
        "blind": "no_elasticity",
        "away": "outside",
        "nobody": "nothing_to_raise",
        "strange": "unknown",
        "stock": "no_effect",
    }
    assert only(found.gap_sets)["status"] == "nothing_helps"
    assert only(found.gap_sets)["open"] == 1000


def test_stock_is_let_go_for_a_goal_of_stock(planned, company):
    value = only(closed(planned, company, STOCK, goals=[Goal(measure="inventory_value", at_most=1)]).gap_sets)
    assert value["brings"] > 0
    lever_value = Decimal(200) * Decimal("8.5")
    assert value["brings"] <= lever_value
    assert value["status"] == "nearest"


def test_without_levers_or_a_gap_nothing_is_planned(planned, company):
    assert closed(planned, company, gap=1000).gap_sets.num_rows == 0
    assert closed(planned, company, CHEAP).gap_sets.num_rows == 0


def test_every_goal_that_is_missed_is_a_target_of_its_own(planned, company):
    reach = [Goal(measure="growth", at_least=5.0), Goal(measure="revenue", at_least=1.0)]
    found = closed(planned, company, CHEAP, goals=reach)
    assert [row["target"] for row in tables.rows(found.gap_sets)] == ["goal_1"]


def test_room_is_made_where_demand_needs_it(planned, company):
    """Demand that hours cannot make is served with the overtime that a lever allows, and not without."""
    more = CHEAP | {"limit": 20000, "unit_cost": "0.1"}
    without = only(closed(planned, company, more, gap=10**6).gap_sets)
    together = closed(planned, company, more, OVERTIME, gap=10**6)
    assert only(together.gap_sets)["brings"] > without["brings"]
    assert only(together.gap_levers, lever_id="overtime")["state"] == "used"
    assert only(together.gap_sets)["service_change"] >= 0


def test_a_set_planned_again_by_its_rows_is_the_same_to_the_cent(planned, company):
    """From the table's months alone, by another way than the step's own stages."""
    found = closed(planned, company, CHEAP | {"limit": 20000, "unit_cost": "0.1"}, OVERTIME, gap=10**6)
    inputs, past = given(ScenarioInputs, planned.tables), given(PastInputs, planned.tables)
    stages = Stages(inputs, past, company, CYCLE, ["blended"])
    rows = tables.rows(found.gap_levers)
    changes = [change for row in rows if row["changes"] for change in row["changes"].split("; ")]
    horizon = sorted({f"{month:%Y-%m}" for month in tables.days(inputs.demand_plan, "month")})
    (lever,) = [each for each in levers_of(tables.conform("levers", [OVERTIME]), horizon, meeting=MEETING) if each]
    use = {
        f"{row['month']:%Y-%m}": row["amount"]
        for row in tables.rows(tables.where(found.gap_lever_months, lever_id="overtime"))
    }
    pulls = [Pull(lever, use, ("ovens",))] if use else []
    stage = stages.plan(read_changes(changes, "x"), "again", raises(pulls))
    base = stages.plan((), "base")
    year = [row["month"] for row in tables.rows(base.money) if row["month"].year == 2026]

    def margin(each):
        return sum(row["gross_margin"] for row in tables.rows(each.money) if row["month"] in year)

    assert margin(stage) - margin(base) == only(found.gap_sets)["brings"]


def test_gaps_are_of_years_that_the_plan_still_reaches(planned, company):
    horizon = ["2026-07", "2026-08"]
    found = gaps(
        tables.conform(
            "key_figures",
            [
                {"measure": "margin", "fiscal_year": year, "unit": "currency", "basis": "landing", "latest": 5}
                | {"business_plan": plan}
                for year, plan in ((2025, 9), (2026, 8), (2027, 9))
            ],
        ),
        tables.empty("goal_results"),
        planned["actuals"],
        horizon,
        fiscal=company.fiscal_year,
    )
    assert [(gap.name, gap.missing, gap.months) for gap in found] == [
        ("margin_2026", Decimal("3.00"), ("2026-07", "2026-08"))
    ]
