"""Decisions wanted: computed from the plan's own prices, by hand; none that comes too late; words with numbers."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, last_safe_day
from sop_pipeline.language.decisions import Called, decision_words
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


def test_one_that_leaves_less_and_is_put_up_says_so_and_that_it_is_the_steadiest():
    """Contribution and service are alike; level holds more stock, and never changes."""
    alike = contributions(blended=700, level=700, chase=700)
    plans = make(
        "plan_summary",
        summary("blended", 500, chosen=True) | {"instability": 424},
        summary("chase", 500) | {"instability": 424},
        summary("level", 500, shortfall=60) | {"instability": 17},
    )
    options = run(plan_summary=plans, plan_money=alike)["2026-03-strategy"]
    (row,) = (row for row in options.values() if row["recommended"])
    assert row["text"].startswith("Level")
    assert row["why"] == (
        "Leaves €60 less than blended and €60 less than chase, with holding, backlog and shortfalls priced. "
        "It is the steadiest: changes of 17 in all."
    )


def test_plans_that_leave_the_same_are_said_to():
    plans = make("plan_summary", summary("blended", 500, chosen=True), summary("level", 500))
    options = run(plan_summary=plans)["2026-03-strategy"]
    (row,) = (row for row in options.values() if row["recommended"])
    assert row["why"] == "Leaves as much as level, with holding, backlog and shortfalls priced."


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


def load(item, kind, when, **numbers):
    names = ("units", "hires", "layoffs", "temporary", "regular_hours", "overtime_hours", "idle_hours", "units_down")
    base = {"strategy": "blended", "scenario": "base", "resource_id": item, "kind": kind, "month": when}
    return base | dict.fromkeys(names, 0) | numbers


def option(scope, months, quantity, *, constraint="regular_hours", item="press", cost=1200, **more):
    """An option with a plan: by April, of which the day before is the last to decide."""
    name = f"{constraint}-{item}-{scope}"
    scale = {"month_from": months[0], "month_to": months[-1], "months": len(months), "quantity": quantity}
    told = {"relief_cost": cost, "promised": 99999, "found": True, "service_change": 0.002, "unit": "hour"}
    day = last_safe_day(date.fromisoformat(f"{months[0]}-01"))
    base = {"strategy": "blended", "scenario": name, "constraint": constraint, "item": item, "scope": scope}
    return base | scale | told | {"decide_by": day} | more


def effects(of, **amounts):
    """What an option's plan contributes more by month (``m04``: April), while 30 less are in stock."""
    where = {"strategy": "blended", "scenario": of["scenario"], "inventory_value": -30}
    return [where | {"month": f"2026-{name[1:]}", "effect": amount} for name, amount in amounts.items()]


BOTH, MAY = option("all_months", ["2026-04", "2026-05"], 80), option("best_month", ["2026-05"], 60, cost=900)
CHANGES = [*effects(BOTH, m03=40, m04=700, m05=610), *effects(MAY, m03=0, m04=300, m05=850)]


def press(options=(BOTH, MAY), changes=CHANGES, **more):
    """The press at its limit, its options planned, and what else there is."""
    given = {
        "plan_summary": make("plan_summary", summary("blended", 500, chosen=True)),
        "resources": make("resources", {"resource_id": "press", "kind": "machine", "site_id": "north"}),
        "resource_plan": make("resource_plan", load("press", "machine", "2026-05", units=2, utilisation=1.1333)),
        "limit_options": make("limit_options", *options) if options else tables.empty("limit_options"),
        "limit_option_effects": make("limit_option_effects", *changes) if changes else None,
    }
    given |= more
    return {name: tables.empty(name) if table is None else table for name, table in given.items()}


def test_the_effect_of_a_limit_is_that_of_its_plan():
    """April to May brings 40 + 700 + 610, May alone 1,150; what prices promise is told nowhere."""
    options = run(**press())["2026-03-regular_hours-press"]
    assert [options[letter]["effect"] for letter in "ABC"] == [0, 1350, 1150]
    assert [options[letter]["choice"] for letter in "ABC"] == ["keep_limit", "raise_limit", "raise_one_month"]
    assert [letter for letter in "ABC" if options[letter]["recommended"]] == ["B"]
    assert options["B"]["text"] == "80 hours more over 2 months"
    assert options["C"]["text"] == "May 2026 alone: 60 hours more"
    assert options["A"]["context"] == (
        "It binds in 2 months in reach. In May 2026, at 113% utilisation, 60 hours more bring €19.17 each."
    )
    assert options["B"]["why"] == (
        "The plan made again with them contributes €1,350 more, €1,200 for the hours taken off; stock changes by "
        "(€30) on average, service by 0.2 points."
    )
    assert options["A"]["question"] == "More hours on press, Apr 2026 to May 2026?"
    assert options["A"]["last_safe_date"] == date(2026, 3, 31)
    assert options["A"]["who"] == "Head of production, north"


@pytest.mark.parametrize(
    ("options", "changes", "told"),
    [
        # a single month is its own best: 900 / 80
        (
            [option("all_months", ["2026-05"], 80)],
            {"all": 900},
            "In May 2026, at 113% utilisation, 80 hours more bring €11.25 each.",
        ),
        # alone it brings nothing, so nothing is said of one
        ([BOTH, MAY], {"all": 900, "best": -50}, None),
        ([BOTH], {"all": 900}, None),
        # of less than one nobody knows what one brings
        ([option("all_months", ["2026-05"], Decimal("0.5"))], {"all": 900}, None),
    ],
)
def test_what_one_more_brings_is_that_of_a_plan(options, changes, told):
    """Never that of a price: what the meeting reads beside an effect is the same measure by the unit."""
    rows = [row for each, amount in zip(options, changes.values(), strict=True) for row in effects(each, m05=amount)]
    context = run(**press(options=options, changes=rows))["2026-03-regular_hours-press"]["A"]["context"]
    assert context.startswith("It binds in")
    if told is None:
        assert context.endswith("in reach.")
    else:
        assert context.endswith(told)


def test_what_a_supplier_delivers_is_shown_and_not_decided():
    """No decision raises it: who delivers more is told on the page of capacity alone."""
    receipts = option("all_months", ["2026-04"], 30, constraint="max_receipt", item="resin", cost=0)
    assert run(**press(options=[receipts], changes=effects(receipts, m04=700))) == {}


def test_the_better_month_alone_is_recommended_where_it_brings_more():
    changes = [*effects(BOTH, m04=300, m05=500), *effects(MAY, m04=300, m05=850)]
    options = run(**press(changes=changes))["2026-03-regular_hours-press"]
    assert [letter for letter in "ABC" if options[letter]["recommended"]] == ["C"]
    assert options["A"]["last_safe_date"] == date(2026, 4, 30)
    assert options["A"]["facts"]["relief_cost", "press"] == 900


@pytest.mark.parametrize("changes", [effects(BOTH, m04=-5, m05=4), effects(BOTH, m04=0, m05=0)])
def test_what_brings_nothing_once_planned_is_not_put_up(changes):
    """Whatever its prices promise."""
    assert run(**press(options=[BOTH], changes=changes)) == {}


@pytest.mark.parametrize(
    "left_out", [option("all_months", ["2026-04"], 80, cost=None), option("all_months", ["2026-04"], 80, found=False)]
)
def test_an_option_without_a_cost_or_a_plan_is_not_put_up(left_out):
    changes = effects(left_out, m04=700) if left_out["found"] else []
    assert run(**press(options=[left_out], changes=changes)) == {}


def test_one_limit_of_a_resource_is_put_up_the_one_that_brings_most():
    overtime = option("all_months", ["2026-04"], 30, constraint="overtime_hours", cost=0)
    changes = [*CHANGES, *effects(overtime, m04=2000)]
    found = run(**press(options=(BOTH, MAY, overtime), changes=changes))
    assert list(found) == ["2026-03-overtime_hours-press"]
    (why,) = [row["why"] for row in found["2026-03-overtime_hours-press"].values() if row["why"]]
    assert why.startswith("The plan made again with them contributes €2,000 more, what it pays for them taken off")


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


def bar(rows, *made, changes=()):
    """A plan that loses bars, and the options that were planned for them."""
    return {
        "plan_summary": make("plan_summary", summary("blended", 500, chosen=True)),
        "aggregate_plan": make("aggregate_plan", *rows),
        "planning_products": make("planning_products", {"product_id": "bar", "product_name": "Bar", "unit_price": 10}),
        "limit_options": make("limit_options", *made) if made else tables.empty("limit_options"),
        "limit_option_effects": make("limit_option_effects", *changes)
        if changes
        else tables.empty("limit_option_effects"),
    }


def bought(scope, quantity, **more):
    given = {"constraint": "subcontract_limit", "item": "bar", "cost": 0, "unit": "unit"}
    return option(scope, ["2026-04", "2026-05"], quantity, **given, **more)


LOST = (lost("bar", "2026-03", 50, 5), lost("bar", "2026-04", 100, 10), lost("bar", "2026-05", 100, 20))
ALL_LOST, HALF_LOST = bought("lost_units", 30), bought("half_of_lost_units", 15)


@pytest.mark.parametrize(
    ("whole", "half", "recommended"),
    [((20, 40), (15, 25), "B"), ((20, -40), (15, 25), "C"), ((-5, -9), (-1, -1), None)],
)
def test_lost_sales_are_bought_in_where_the_plan_with_them_contributes_more(whole, half, recommended):
    """What the plans made again contribute more, month by month; what brings nothing is not put up."""
    changes = [*effects(ALL_LOST, m04=whole[0], m05=whole[1]), *effects(HALF_LOST, m04=half[0], m05=half[1])]
    found = run(**bar(LOST, ALL_LOST, HALF_LOST, changes=changes))
    if recommended is None:
        assert found == {}
        return
    options = found["2026-03-unserved-bar"]
    assert [options[letter]["effect"] for letter in "ABC"] == [0, sum(whole), sum(half)]
    assert [options[letter]["choice"] for letter in "ABC"] == ["accept_loss", "subcontract", "subcontract_half"]
    assert [letter for letter, row in options.items() if row["recommended"]] == [recommended]
    assert options["B"]["text"] == "Subcontract 30 units more than the plan"
    assert options["A"]["context"].startswith(
        "30 of 200 units demanded in these months are not served. Another 5 units"
    )
    brought = {"B": sum(whole), "C": sum(half)}[recommended]
    assert options[recommended]["why"] == (
        f"The plan made again with them contributes €{brought} more, what it pays for them taken off; stock changes by "
        "(€30) on average, service by 0.2 points."
    )
    assert set(closing(**bar(LOST, ALL_LOST, HALF_LOST, changes=changes), key_figures=margins(2026)).values()) == {
        brought
    }


def test_subcontracting_of_one_product_is_asked_once():
    """Serving what is lost raises the limit of subcontracting already: a second question counted its effect twice."""
    raised = bought("all_months", 12)
    changes = [*effects(ALL_LOST, m04=60), *effects(raised, m04=25)]
    found = run(**bar(LOST, ALL_LOST, raised, changes=changes))
    assert list(found) == ["2026-03-unserved-bar"]


def test_a_decision_names_the_product_and_its_unit_as_the_company_does():
    found = run(**bar(LOST, ALL_LOST, changes=effects(ALL_LOST, m04=60)))
    options = list(found["2026-03-unserved-bar"].values())
    facts = [
        {"subject": "bar", "fact": fact, "amount": each, "month": None}
        for (fact, _), each in options[0]["facts"].items()
    ]
    words = decision_words(options, facts, descriptions={}, currency="EUR", subject=Called("Oat bar", "kg"))
    assert words.question == "Serve the 30 kg of Oat bar that the plan loses, Apr 2026 to May 2026?"
    assert words.options["B"] == "Subcontract 30 kg more than the plan"


@pytest.mark.parametrize("without", ["a plan", "a cost"])
def test_lost_sales_that_nothing_is_known_to_serve_are_not_put_up(without):
    left_out = (
        bought("lost_units", 30, found=False)
        if without == "a plan"
        else bought("lost_units", 30) | {"relief_cost": None}
    )
    changes = [] if without == "a plan" else effects(left_out, m04=700)
    assert run(**bar(LOST, left_out, changes=changes)) == {}
    assert run(**bar(LOST)) == {}


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


def test_at_most_three_the_most_valuable_first():
    given = {
        **press(),
        "plan_summary": THREE,
        "aggregate_plan": make("aggregate_plan", lost("bar", "2026-04", 100, 10)),
        "limit_options": make("limit_options", BOTH, MAY, ALL_LOST),
        "limit_option_effects": make("limit_option_effects", *CHANGES, *effects(ALL_LOST, m04=30)),
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


def test_what_brings_less_than_a_ten_thousandth_of_revenue_is_not_the_meetings_business():
    def revenue(amount):
        row = landing("revenue", amount)
        return {**press(), "key_figures": make("key_figures", row)}

    assert set(run(**revenue(13_500_000))) == {"2026-03-regular_hours-press"}
    assert run(**revenue(14_500_001)) == {}


def test_without_money_strategies_and_lost_units_are_put_up_in_units():
    bare = make("products", {"product_id": "bar", "product_name": "Bar"})
    given = {**press(), "products": bare, "plan_summary": THREE}
    given["aggregate_plan"] = make("aggregate_plan", lost("bar", "2026-04", 100, 10))
    found = run(**given)
    assert set(found) == {"2026-03-strategy", "2026-03-unserved-bar"}
    assert all(row["effect"] is None for options in found.values() for row in options.values())
    assert "€" not in "".join(row["text"] for options in found.values() for row in options.values())


def test_every_decision_has_one_recommendation_with_a_reason():
    for options in run(**{**press(), "plan_summary": THREE}).values():
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


def test_only_what_falls_into_the_year_closes_its_gap_and_each_euro_once():
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


def test_a_strategy_closes_the_gap_by_what_it_contributes_more():
    """80 in all, half of it in each of two months of the year, and nothing else."""
    plans = make("plan_summary", summary("level", 420, chosen=True), summary("blended", 500))
    money = contributions(level=420, blended=500)
    found = closing(plan_summary=plans, plan_money=money, key_figures=margins(2026))
    assert found == {(2026, "2026-03-strategy"): 80}


def test_a_limit_closes_the_gap_of_the_months_it_binds_in():
    found = closing(**press(), key_figures=margins(2026))
    assert found == {(2026, "2026-03-regular_hours-press"): 1350}
    assert closing(**press(), key_figures=margins(2027)) == {}
