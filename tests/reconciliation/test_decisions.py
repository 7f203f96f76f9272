"""Decisions wanted: computed from the plan's own prices, by hand; none that comes too late; words with numbers."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, last_safe_day
from sop_pipeline.language.decisions import decision_words
from sop_pipeline.meeting import meeting_day
from sop_pipeline.reconciliation.decisions import DecisionInputs, decisions_wanted
from tests.reconciliation.conftest import make

CYCLE = Cycle.parse("2026-03")
COMPANY = Company(company="x", sources={}, horizon_months=12)
NAMES = [field.name for field in fields(DecisionInputs)]
PRICED = make("products", {"product_id": "bar", "product_name": "Bar", "unit_price": 10, "standard_cost": 6})


def run(**given):
    inputs = {**{name: tables.empty(name) for name in NAMES}, "products": PRICED, **given}
    if "plan_money" not in given and inputs["products"] is PRICED:
        inputs["plan_money"] = contributions(
            **{row["strategy"]: row["total_profit"] for row in tables.rows(inputs["plan_summary"])}
        )
    found = decisions_wanted(DecisionInputs(**inputs), company=COMPANY, cycle=CYCLE)
    decisions: dict[str, list[dict]] = {}
    facts = tables.rows(found.decision_facts)
    for name in ("fact", "unit"):
        assert {fact[name] for fact in facts} <= set(tables.get("decision_facts")[name].one_of), name
    for row in tables.rows(found.decisions_wanted):
        decisions.setdefault(row["decision_id"], []).append(row)
    return {
        name: in_words(options, [fact for fact in facts if fact["decision_id"] == name], inputs["risks_opportunities"])
        for name, options in decisions.items()
    }


def contributions(**amounts):
    """What each strategy contributes, half of it in each of two months."""
    where = {"scenario": "base", "chosen": False}
    return make(
        "plan_money",
        *[
            {**where, "strategy": strategy, "month": when, "contribution": amount / 2}
            for strategy, amount in amounts.items()
            for when in ("2026-03", "2026-04")
        ],
    )


def in_words(options, facts, items):
    """The options by letter, each with its decision's facts and with what the pack says of it."""
    said = {row["item_id"]: row["description"] for row in tables.rows(items)}
    words = decision_words(options, facts, descriptions=said, currency="EUR")
    known = {(fact["fact"], fact["subject"]): fact["amount"] for fact in facts}
    return {
        row["option"]: row
        | {"facts": known, "question": words.question, "context": words.context, "who": words.owner}
        | {"text": words.options[row["option"]], "why": words.why if row["recommended"] else None}
        for row in options
    }


def summary(strategy, profit, *, shortfall=0, chosen=False, hires=0):
    zeros = ("lost_units", "late_units", "peak_inventory", "layoffs", "overtime_hours")
    return {
        "strategy": strategy,
        "scenario": "base",
        "status": "optimal",
        "total_cost": 1000,
        "total_revenue": 1000 + profit,
        "total_profit": profit,
        "shortfall_cost": shortfall,
        "hires": hires,
        "service": 0.98,
        "instability": 40,
        "chosen": chosen,
    } | dict.fromkeys(zeros, 0)


THREE = make(
    "plan_summary", summary("blended", 500, chosen=True), summary("level", 420, hires=3), summary("chase", 450)
)


def test_strategies_stand_side_by_side_with_their_effect():
    options = run(plan_summary=THREE)["2026-03-strategy"]
    assert [(row["text"].split(":")[0], row["effect"]) for row in options.values()] == [
        ("Blended", 0),
        ("Chase", -50),
        ("Level", -80),
    ]
    assert [letter for letter, row in options.items() if row["recommended"]] == ["A"]
    assert (
        options["A"]["why"]
        == "Leaves €50 more than chase and €80 more than level, with holding, backlog and shortfalls priced."
    )
    assert "3 hires" in options["C"]["text"]
    assert options["A"]["rank"] == 1


def test_a_better_strategy_than_the_chosen_is_recommended():
    plans = make("plan_summary", summary("level", 420, chosen=True), summary("blended", 500, shortfall=30))
    options = run(plan_summary=plans)["2026-03-strategy"]
    assert options["B"]["recommended"]
    assert options["B"]["effect"] == 80
    assert options["B"]["question"] == "Work to the blended plan for the next 12 months?"
    assert "€50 more than level" in options["B"]["why"]
    assert "shortfalls €30" in options["B"]["text"]


def test_the_effect_is_the_difference_of_contributions_not_of_profits():
    """Profit has notional holding and backlog in it; what is put up is what two plans earn and pay."""
    options = run(plan_summary=THREE, plan_money=contributions(blended=700, level=660, chase=690))["2026-03-strategy"]
    assert [(row["text"].split(",")[0], row["effect"]) for row in options.values()] == [
        ("Blended: contribution €700", 0),
        ("Chase: contribution €690", -10),
        ("Level: contribution €660", -40),
    ]


def test_a_strategy_that_another_beats_everywhere_is_never_recommended():
    """Level leaves most once shortfalls are priced, yet blended contributes more, serves better and is steadier."""
    plans = make(
        "plan_summary",
        summary("level", 420, chosen=True) | {"service": 0.95, "instability": 60},
        summary("blended", 500, shortfall=90),
        summary("chase", 300) | {"service": 0.99, "instability": 10},
    )
    options = run(plan_summary=plans)["2026-03-strategy"]
    left = {row["choice_subject"]: options["A"]["facts"]["left", row["choice_subject"]] for row in options.values()}
    assert left == {"level": 420, "blended": 410, "chase": 300}
    assert [row["choice_subject"] for row in options.values() if row["recommended"]] == ["blended"]


def test_stock_that_is_held_for_a_small_gain_is_priced_before_recommending():
    """Level contributes 6 more than blended, holds stock for 40 more and is less steady: blended leaves most."""
    plans = make(
        "plan_summary",
        summary("blended", 500, chosen=True),
        summary("level", 506) | {"instability": 60},
        summary("chase", 450),
    )
    money = [
        {"strategy": name, "scenario": "base", "month": "2026-03", "chosen": False, "contribution": earned}
        | {"holding": held, "backlog": 0}
        for name, earned, held in (("blended", 500, 10), ("level", 506, 50), ("chase", 450, 0))
    ]
    options = run(plan_summary=plans, plan_money=make("plan_money", *money))["2026-03-strategy"]
    assert [(row["choice_subject"], row["effect"]) for row in options.values()] == [
        ("blended", 0),
        ("level", 6),
        ("chase", -50),
    ]
    assert [row["choice_subject"] for row in options.values() if row["recommended"]] == ["blended"]


def test_an_uneven_plan_is_told_where_its_strategy_is_decided():
    stops = {"swing": "stops", "usual": 100, "unit": "hours"}
    swings = {"swing": "swings", "amount": 0, "usual": 70, "highest": 143, "unit": "piece", "share": 0}
    uneven = make(
        "plan_swings",
        stops | {"subject": "press", "month": "2026-03", "amount": 30, "share": 0.3},
        stops | {"subject": "saw", "month": "2026-05", "amount": 45, "share": 0.45},
        swings | {"subject": "bar", "month": "2026-04", "highest_month": "2026-03"},
    )
    plans = make("plan_summary", summary("blended", 1000, chosen=True), summary("level", 900))
    (decision,) = run(plan_summary=plans, plan_swings=uneven).values()
    context = decision["A"]["context"]
    assert "In Mar 2026 a resource works 30% of the hours its demand takes." in context
    assert "On steady demand the output of 1 product swings." in context
    (even,) = run(plan_summary=plans).values()
    assert "hours its demand takes" not in even["A"]["context"] and "swings" not in even["A"]["context"]


def test_one_strategy_is_no_choice():
    assert run(plan_summary=make("plan_summary", summary("blended", 500, chosen=True))) == {}


def shadow(constraint, item, when, price, valid_to, **more):
    """A price that holds from 340 on; by when it can still be decided follows from the lead."""
    decide_by = last_safe_day(date.fromisoformat(f"{when}-01"), more.pop("lead_months", 0))
    return {
        "strategy": "blended",
        "scenario": "base",
        "constraint": constraint,
        "item": item,
        "month": when,
        "price_per_unit": price,
        "valid_from": 0,
        "valid_to": valid_to,
        "verified": True,
        "current_limit": 340,
        "pay_per_unit": 0,
        "decide_by": decide_by,
    } | more


def hours_of_the_press(**more):
    """Prices of its regular hours in three months, with what else has a price."""
    return make(
        "shadow_prices",
        shadow("regular_hours", "press", "2026-03", 99, 400, **more),
        shadow("regular_hours", "press", "2026-04", 12.5, 360, **more),
        shadow("regular_hours", "press", "2026-05", 20, 400, **more),
        shadow("regular_hours_one_less", "press", "2026-05", 900, 400, **more),
        shadow("demand", "bar", "2026-05", 900, 400),
    )


def load(item, kind, when, **numbers):
    names = ("units", "hires", "layoffs", "temporary", "regular_hours", "overtime_hours", "idle_hours", "units_down")
    base = {"strategy": "blended", "scenario": "base", "resource_id": item, "kind": kind, "month": when}
    return base | dict.fromkeys(names, 0) | numbers


BY_THE_HOUR = {"regular_rate": 15, "pay_basis": "worked"}
"""Paid for what is worked alone, so that the plan's own price of an hour is after its pay."""


@pytest.fixture
def press():
    return {
        "plan_summary": make("plan_summary", summary("blended", 500, chosen=True)),
        "resources": make("resources", {"resource_id": "press", "kind": "machine", "site_id": "north"} | BY_THE_HOUR),
        "resource_plan": make(
            "resource_plan",
            *[
                load("press", "machine", when, units=2, regular_hours=300, overtime_hours=40, utilisation=1.1333)
                for when in ("2026-03", "2026-04", "2026-05")
            ],
        ),
        "shadow_prices": hours_of_the_press(),
    }


def test_an_hour_is_worth_its_shadow_price_up_to_where_it_holds(press):
    # March has begun by the meeting; April: 20 hours at 12.50, May: 60 hours at 20
    options = run(**press)["2026-03-regular_hours-press"]
    assert [options[letter]["effect"] for letter in "ABC"] == [0, 1450, 1200]
    assert options["B"]["recommended"]
    assert options["B"]["text"] == "Up to 80 hours more over 2 months"
    assert options["C"]["text"] == "May 2026 alone: up to 60 hours more"
    assert options["A"]["context"] == (
        "In May 2026, at 113% utilisation, one more hour is worth €20.00, up to 60 hours; 2 binding months in reach."
    )
    assert options["A"]["facts"]["worth_of_one", "press"] == 20
    assert options["A"]["facts"]["binding_months", "press"] == 2
    assert [options[letter]["choice"] for letter in "ABC"] == ["keep_limit", "raise_limit", "raise_one_month"]
    assert options["A"]["question"] == "More hours on press, Apr 2026 to May 2026?"
    assert options["A"]["last_safe_date"] == date(2026, 3, 31)
    assert options["A"]["who"] == "Head of production, north"


def test_the_pay_of_an_added_hour_comes_off(press):
    options = run(**{**press, "shadow_prices": hours_of_the_press(pay_per_unit=15)})["2026-03-regular_hours-press"]
    assert options["B"]["effect"] == 60 * 5
    assert options["A"]["facts"]["worth_of_one", "press"] == 5
    assert set(options) == {"A", "B"}


def test_a_range_that_no_solve_bore_out_is_no_decision(press):
    assert run(**{**press, "shadow_prices": hours_of_the_press(verified=False)}) == {}


def test_a_limit_that_nobody_can_price_is_not_put_up(press):
    """Another machine, or hours of one that carries no pay, costs money that no table has."""
    bare = make("resources", {"resource_id": "press", "kind": "machine"})
    assert run(**{**press, "resources": bare}) == {}
    prices = [
        shadow(name, "press", "2026-05", 50, 400)
        for name in ("max_units", "max_hires", "temporary_max", "overtime_hours", "capacity")
    ]
    assert run(**{**press, "resources": bare, "shadow_prices": make("shadow_prices", *prices)}) == {}
    paid = make("resources", {"resource_id": "press", "kind": "machine", "overtime_rate": 30})
    found = run(**{**press, "resources": paid, "shadow_prices": make("shadow_prices", *prices)})
    assert set(found) == {"2026-03-overtime_hours-press"}


def test_months_that_a_hire_cannot_reach_do_not_count(press):
    options = run(**{**press, "shadow_prices": hours_of_the_press(lead_months=1)})["2026-03-regular_hours-press"]
    assert options["B"]["effect"] == 1200
    assert options["B"]["last_safe_date"] == date(2026, 3, 31)
    assert run(**{**press, "shadow_prices": hours_of_the_press(lead_months=2)}) == {}


def test_heads_that_the_hours_take_have_to_be_hired(press):
    crew = {"resource_id": "press", "kind": "labour", "hire_cost": 400} | BY_THE_HOUR
    plan = [{**row, "available": 300} for row in tables.rows(press["resource_plan"])]
    given = {**press, "resources": make("resources", crew), "resource_plan": make("resource_plan", *plan)}
    # 60 hours in May are 0.4 of a head with 150 hours
    assert run(**given)["2026-03-regular_hours-press"]["B"]["effect"] == 1450 - 160


def lost(item, when, demand, units):
    zeros = dict.fromkeys(("output", "subcontract", "inventory", "backlog", "target_stock"), 0)
    return {
        "strategy": "blended",
        "scenario": "base",
        "item_id": item,
        "item_level": "product",
        "month": when,
        "demand": demand,
        "lost_sales": units,
    } | zeros


@pytest.mark.parametrize("bought, recommended, effect", [(7, "B", 90), (12, "A", -60)])
def test_lost_sales_are_bought_in_where_that_earns(bought, recommended, effect):
    options = run(
        plan_summary=make("plan_summary", summary("blended", 500, chosen=True)),
        aggregate_plan=make(
            "aggregate_plan",
            lost("bar", "2026-03", 50, 5),
            lost("bar", "2026-04", 100, 10),
            lost("bar", "2026-05", 100, 20),
        ),
        planning_products=make(
            "planning_products",
            {"product_id": "bar", "product_name": "Bar", "unit_price": 10, "subcontract_cost": bought},
        ),
    )["2026-03-unserved-bar"]
    assert options["B"]["effect"] == effect
    assert [letter for letter, row in options.items() if row["recommended"]] == [recommended]
    assert options["A"]["context"].startswith(
        "30 of 200 units demanded in these months are not served. Another 5 units"
    )
    assert f"less €{bought}.00 for subcontracting" in options[recommended]["why"]
    assert options["A"]["facts"]["gain_of_one", "bar"] == 10 - bought


def landing(measure, latest, **more):
    return {"measure": measure, "fiscal_year": 2026, "unit": "currency", "basis": "landing", "latest": latest} | more


def opportunity(item, **more):
    base = {"item_id": item, "kind": "opportunity", "description": item, "probability": 0.5, "margin": 100}
    return base | {"month_from": "2026-06", "included": False, "owner": f"owner of {item}"} | more


def test_the_gap_is_set_against_what_is_not_in_the_numbers():
    options = run(
        key_figures=make(
            "key_figures",
            {
                "measure": "margin",
                "fiscal_year": 2026,
                "unit": "currency",
                "basis": "landing",
                "latest": 900,
                "business_plan": 1000,
            },
        ),
        risks_opportunities=make(
            "risks_opportunities",
            opportunity("big", margin=160, trigger_on="2026-04-20", month_from="2026-11", month_to="2027-02"),
            opportunity("small"),
            opportunity("in already", included=True),
            opportunity("over", trigger_on="2026-03-05"),
            opportunity("next year", month_from="2027-01"),
            opportunity("a risk", kind="risk", margin=-100),
        ),
    )["2026-03-gap"]
    assert [options[letter]["effect"] for letter in "ABC"] == [0, 80, 130]
    assert options["C"]["recommended"]
    assert options["C"]["text"] == "That and 1 other: small (50%)"
    # half of the big one's months lie in 2026
    assert "€130 in all, of which €90 fall in 2026: 90% of the gap" in options["C"]["why"]
    assert options["A"]["last_safe_date"] == date(2026, 4, 20)
    assert options["A"]["owner"] == "owner of big"


def test_no_gap_no_question():
    above = {
        "measure": "margin",
        "fiscal_year": 2026,
        "unit": "currency",
        "basis": "landing",
        "latest": 1100,
        "business_plan": 1000,
    }
    chances = make("risks_opportunities", opportunity("big"))
    assert run(key_figures=make("key_figures", above), risks_opportunities=chances) == {}


def test_at_most_three_the_most_valuable_first(press):
    given = {
        **press,
        "plan_summary": THREE,
        "aggregate_plan": make("aggregate_plan", lost("bar", "2026-04", 100, 10)),
        "planning_products": make(
            "planning_products", {"product_id": "bar", "product_name": "Bar", "unit_price": 10, "subcontract_cost": 7}
        ),
        "key_figures": make(
            "key_figures",
            {
                "measure": "margin",
                "fiscal_year": 2026,
                "unit": "currency",
                "basis": "landing",
                "latest": 900,
                "business_plan": 1000,
            },
        ),
        "risks_opportunities": make("risks_opportunities", opportunity("big")),
    }
    found = run(**given)
    ranks = {name: options["A"]["rank"] for name, options in found.items()}
    assert ranks == {"2026-03-regular_hours-press": 1, "2026-03-gap": 2, "2026-03-unserved-bar": 3}


def test_what_brings_less_than_a_ten_thousandth_of_revenue_is_not_the_meetings_business(press):
    def revenue(amount):
        row = landing("revenue", amount)
        return {**press, "key_figures": make("key_figures", row)}

    assert set(run(**revenue(14_500_000))) == {"2026-03-regular_hours-press"}
    assert run(**revenue(14_500_001)) == {}


def test_without_money_strategies_and_lost_units_are_put_up_in_units(press):
    bare = make("products", {"product_id": "bar", "product_name": "Bar"})
    given = {**press, "products": bare, "plan_summary": THREE}
    given["aggregate_plan"] = make("aggregate_plan", lost("bar", "2026-04", 100, 10))
    found = run(**given)
    assert set(found) == {"2026-03-strategy", "2026-03-unserved-bar"}
    assert all(row["effect"] is None for options in found.values() for row in options.values())
    assert "€" not in "".join(row["text"] for options in found.values() for row in options.values())


def test_every_decision_has_one_recommendation_with_a_reason(press):
    for options in run(**{**press, "plan_summary": THREE}).values():
        chosen = [row for row in options.values() if row["recommended"]]
        assert len(chosen) == 1
        assert chosen[0]["why"]
        assert all(row["why"] is None for row in options.values() if not row["recommended"])
        assert all(row["last_safe_date"] >= meeting_day(COMPANY, CYCLE) for row in options.values())


def test_nothing_at_all_asks_nothing():
    assert run(products=tables.empty("products")) == {}


def test_dates():
    assert meeting_day(COMPANY, CYCLE) == date(2026, 3, 20)
    assert last_safe_day(date(2026, 6, 1)) == date(2026, 5, 31)
    assert last_safe_day(date(2026, 6, 1), lead_months=2) == date(2026, 3, 31)
    assert last_safe_day(date(2026, 6, 1), lead_days=10) == date(2026, 5, 21)


def closing(**given):
    """What closes the gap, by year and subject."""
    inputs = {**{name: tables.empty(name) for name in NAMES}, "products": PRICED, **given}
    found = decisions_wanted(DecisionInputs(**inputs), company=COMPANY, cycle=CYCLE).gap_closing
    return {(row["fiscal_year"], row["subject"]): row["amount"] for row in tables.rows(found)}


def margins(*years):
    return make(
        "key_figures",
        *[landing("margin", 900) | {"fiscal_year": year, "business_plan": 1000} for year in years],
    )


def test_only_what_falls_into_the_year_closes_its_gap_and_each_euro_once(press):
    """The opportunity the decision takes up is not counted again among those outside the numbers."""
    items = make(
        "risks_opportunities",
        opportunity("pursued", margin=160, month_from="2026-11", month_to="2027-02"),
        opportunity("too late", margin=50, trigger_on="2026-03-05", month_from="2026-12", month_to="2027-02"),
        opportunity("a risk", kind="risk", margin=-100, month_from="2026-10", month_to="2027-01"),
        opportunity("known", included=True),
        opportunity("far off", margin=400, month_from="2027-05"),
    )
    found = closing(key_figures=margins(2026, 2027), risks_opportunities=items)
    # 80 expected over four months, two of each year; a third of 25; three quarters of -50
    assert found[2026, "2026-03-gap"] == found[2027, "2026-03-gap"] == 40
    assert found[2026, "too late"] == Decimal("8.33")
    assert found[2026, "a risk"] == Decimal("-37.5")
    assert (2026, "far off") not in found
    assert (found[2027, "far off"], found[2027, "a risk"]) == (200, Decimal("-12.5"))
    assert not {"pursued", "known"} & {subject for _, subject in found}


def test_a_limit_closes_the_gap_of_the_months_it_binds_in(press):
    found = closing(**press, key_figures=margins(2026))
    assert found == {(2026, "2026-03-regular_hours-press"): 1450}
    assert closing(**press, key_figures=margins(2027)) == {}
