"""Landing of the fiscal year: actual to date and plan, its range, and service told for what it is."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.language.reconciliation import figure_words
from sop_pipeline.reconciliation.key_figures import FigureInputs, FiguresBefore, key_figures
from tests.reconciliation.conftest import by, make

CYCLE = Cycle.parse("2026-07")
COMPANY = Company(company="x", sources={}, horizon_months=18)


def months(first, count):
    return [add_months(date(first, 1, 1), number) for number in range(count)]


@pytest.fixture
def finance():
    """100 a month in 2025, 110 to June 2026, 120 in the plan to December 2027; margin 40%; stock 50 and then 60."""
    rows = []
    for when in months(2025, 36):
        basis = "actual" if when < CYCLE.month else "plan"
        revenue = 100 if when.year == 2025 else 110 if basis == "actual" else 120
        rows.append(
            {
                "family": "F",
                "month": when,
                "basis": basis,
                "units": revenue,
                "revenue": revenue,
                "margin": Decimal(revenue) * Decimal("0.4"),
                "inventory_value": 50 if basis == "actual" else 60,
            }
        )
    return make("financial_plan", *rows)


@pytest.fixture
def plan():
    return make(
        "sales_plan",
        *[
            {"product_id": "a", "family": "F", "month": when, "demand": 125, "sales": 120}
            for when in months(2026, 24)
            if when >= CYCLE.month
        ],
    )


@pytest.fixture
def catalogue():
    return make("products", {"product_id": "a", "product_name": "a", "family": "F", "unit_price": 1})


@pytest.fixture
def spread():
    return make(
        "demand_range",
        *[
            {"level": "company", "item_id": "x", "month": when, "mean": 200, "p10": 180, "p50": 200, "p90": 250}
            for when in months(2026, 24)
        ],
    )


def schedule_of(plan):
    """A schedule that serves what the sales plan sells, in its month, and loses the rest."""
    names = ("product_id", "month", "demand", "backlog", "lost_sales")
    fields = pa.schema([tables.get("production_schedule").arrow.field(name) for name in names])
    rows = [row | {"backlog": 0, "lost_sales": row["demand"] - row["sales"]} for row in tables.rows(plan)]
    return pa.Table.from_pylist(
        [{name: Decimal(row[name]) if name in names[2:] else row[name] for name in names} for row in rows], fields
    )


@pytest.fixture
def build(finance, plan, catalogue, spread):
    def made(*, business=(), last=(), orders=(), paths=(), finance=finance, company=COMPANY, previous=None):
        inputs = FigureInputs(
            financial_plan=finance,
            sales_plan=plan,
            production_schedule=schedule_of(plan),
            business_plan=make("business_plan", *business),
            last_plan=make("last_plan", *last),
            demand_range=spread,
            demand_distribution=make("demand_distribution", *paths),
            orders=make("orders", *orders),
            products=catalogue,
        )
        before = None if previous is None else FiguresBefore(CYCLE.previous(), previous)
        return key_figures(inputs, company=company, cycle=CYCLE, before=before)

    return made


def business(count=12):
    return [
        {"month": when, "family": "F", "units": 115, "revenue": 115, "margin": 50, "inventory_value": 55}
        for when in months(2026, count)
    ]


def test_landing_is_actual_to_date_and_plan(build):
    rows = by(build(business=business()), "measure", "fiscal_year")
    revenue = rows["revenue", 2026]
    assert revenue["latest"] == 6 * 110 + 6 * 120
    assert revenue["business_plan"] == 12 * 115
    assert revenue["last_year"] == 1200
    assert revenue["last_plan"] is None
    assert rows["margin", 2026]["latest"] == Decimal("552")
    assert rows["margin_pct", 2026]["latest"] == Decimal("0.4")
    assert rows["margin_pct", 2026]["business_plan"] == Decimal("0.4348")
    assert rows["inventory_value", 2026]["latest"] == 60
    assert rows["inventory_value", 2026]["last_year"] == 50
    assert rows["revenue", 2027]["latest"] == 1440
    assert rows["revenue", 2027]["last_year"] == revenue["latest"]
    assert rows["revenue", 2027]["business_plan"] is None
    spans = ("actual_from", "actual_to", "plan_from", "plan_to")
    assert [revenue[name].month for name in spans] == [1, 6, 7, 12]
    assert (revenue["basis"], revenue["months_known"]) == ("landing", 12)
    assert figure_words(revenue).startswith("Actual Jan 2026 to Jun 2026. Plan Jul 2026 to Dec 2026. P10 to P90")
    assert figure_words(rows["margin_pct", 2027]) == "Gross margin / revenue. Plan Jan 2027 to Dec 2027."
    assert figure_words(rows["inventory_value", 2026]) == "Stock at standard cost at the end of Dec 2026."


def test_the_range_scales_planned_months_alone(build):
    revenue = by(build(), "measure", "fiscal_year")["revenue", 2026]
    assert revenue["p10"] == 660 + 720 * Decimal("0.9")
    assert revenue["p90"] == 660 + 720 * Decimal("1.25")


def path(item, family, when, width, **shares):
    """A row of the demand paths: what the item moves by, and how that is shared and carried over."""
    given = {"company_share": 0, "family_share": 0, "own_contrast": 0}
    carried = {"company_persistence": 0, "family_persistence": 0, "own_persistence": 0}
    middle = {
        "quantity": 200,
        "p10": 200 - width,
        "p50": 200,
        "p90": 200 + width,
        "family_weight": 1,
        "company_weight": 1,
    }
    return {"item_id": item, "family": family, "month": when, **middle, **given, **carried, **shares}


@pytest.mark.parametrize(
    ("shares", "ratio"),
    [
        ({"company_share": 1, "company_persistence": 1}, 1),
        ({"company_share": 1}, 6**-0.5),
        ({"own_persistence": 0.5}, (6 + 2 * (5 * 0.5 + 4 * 0.25 + 3 * 0.125 + 2 * 0.0625 + 0.03125)) ** 0.5 / 6),
        ({"family_share": 1, "family_persistence": 1}, 1),
        ({"company_share": 0.5, "company_persistence": 1, "own_persistence": 0}, None),
    ],
)
def test_a_years_range_is_that_of_the_demand_paths(build, shares, ratio):
    """Six planned months: moving together they add up, moving alone they spread as the root of six.

    Of two items that share half their variance, the shared half adds up over items and months, the other over neither:
    a month has variance 2 + 1, six have 36 x 2 + 6 x 1.
    """
    if ratio is None:
        ratio = (36 * 2 + 6 * 1) ** 0.5 / (6 * (2 + 1) ** 0.5)
    paths = [path(item, "F", when, 10, **shares) for item in ("a", "b") for when in months(2026, 24)]
    revenue = by(build(paths=paths), "measure", "fiscal_year")["revenue", 2026]
    assert float(revenue["p10"]) == pytest.approx(660 + 720 * (1 - 0.1 * ratio), abs=0.05)
    assert float(revenue["p90"]) == pytest.approx(660 + 720 * (1 + 0.25 * ratio), abs=0.05)


def test_last_cycles_landing_takes_what_was_actual_then(build):
    last = [
        {
            "cycle": "2026-06",
            "product_id": "a",
            "family": "F",
            "month": when,
            "demand": 100,
            "sales": 90,
            "output": 0,
            "inventory": 0,
            "revenue": 130,
            "margin": 30,
            "inventory_value": 45,
        }
        for when in months(2026, 24)
        if when >= date(2026, 6, 1)
    ]
    rows = by(build(last=last), "measure", "fiscal_year")
    assert rows["revenue", 2026]["last_plan"] == 5 * 110 + 7 * 130
    assert rows["inventory_value", 2026]["last_plan"] == 45
    assert rows["service", 2026]["last_plan"] == Decimal("0.9")


def test_last_cycles_landing_stands_as_the_meeting_saw_it(build):
    def seen(measure, latest, basis):
        return {"measure": measure, "fiscal_year": 2026, "unit": "share", "latest": latest, "basis": basis}

    before = make("key_figures", seen("revenue", 1234, "landing"), seen("service", 0.5, "on_time_in_full"))
    rows = by(build(previous=before), "measure", "fiscal_year")
    assert rows["revenue", 2026]["last_plan"] == 1234
    assert rows["service", 2026]["last_plan"] is None
    alike = make("key_figures", seen("service", 0.5, "fill_rate"))
    assert by(build(previous=alike), "measure", "fiscal_year")["service", 2026]["last_plan"] == Decimal("0.5")


def test_service_is_on_time_in_full_where_lines_were_due(build):
    def order(number, requested, shipped, ordered=10, sent=10):
        return {
            "order_id": str(number),
            "line": "1",
            "product_id": "a",
            "requested_on": requested,
            "shipped_on": shipped,
            "quantity": ordered,
            "quantity_shipped": sent,
        }

    found = build(
        orders=[
            order(1, "2026-03-10", "2026-03-10"),
            order(2, "2026-03-10", "2026-03-11"),
            order(3, "2026-03-10", "2026-03-09", sent=9),
            order(4, "2026-03-10", None, sent=None),
            order(5, "2026-08-10", None),
            order(6, "2025-08-10", "2025-08-01", sent=None),
        ]
    )
    rows = by(found, "measure", "fiscal_year")
    this_year = rows["service", 2026]
    assert (this_year["latest"], this_year["last_year"]) == (Decimal("0.25"), 1)
    assert (this_year["basis"], this_year["order_lines"]) == ("on_time_in_full", 4)
    assert figure_words(this_year) == "On time in full: 4 order lines due so far."
    assert rows["service", 2027]["latest"] == Decimal("0.96")
    assert rows["service", 2027]["basis"] == "fill_rate"


def test_without_orders_service_is_the_fill_rate_and_says_so(build):
    row = by(build(), "measure", "fiscal_year")["service", 2026]
    assert row["latest"] == Decimal("0.96")
    assert row["basis"] == "fill_rate"
    assert figure_words(row).startswith("Fill rate: units served in their month / demand")


def test_a_business_plan_of_half_a_year_is_not_compared_with_a_whole_one(build):
    assert by(build(business=business(6)), "measure", "fiscal_year")["revenue", 2026]["business_plan"] is None


def test_a_year_whose_history_begins_late_says_so(build, finance):
    late = tables.conform("financial_plan", [row for row in tables.rows(finance) if row["month"] >= date(2026, 3, 1)])
    rows = by(build(finance=late), "measure", "fiscal_year")
    assert rows["revenue", 2026]["latest"] == 4 * 110 + 720
    assert rows["revenue", 2026]["last_year"] is None
    assert rows["revenue", 2026]["months_known"] == 10
    assert "10 of 12 months known" in figure_words(rows["revenue", 2026])
    assert rows["revenue", 2027]["last_year"] is None


def test_a_fiscal_year_may_start_in_april(build):
    rows = by(build(company=COMPANY.model_copy(update={"fiscal_year_start": 4})), "measure", "fiscal_year")
    assert {year for _, year in rows} == {2027}
    assert rows["revenue", 2027]["latest"] == 3 * 110 + 9 * 120


def test_without_money_service_remains(build, finance):
    bare = make(
        "financial_plan",
        *[{**row, **dict.fromkeys(("revenue", "margin", "inventory_value"))} for row in tables.rows(finance)],
    )
    rows = by(build(finance=bare), "measure", "fiscal_year")
    assert rows["revenue", 2026]["latest"] is None
    assert rows["margin_pct", 2026]["latest"] is None
    assert rows["service", 2026]["latest"] == Decimal("0.96")


def test_nothing_at_all(empty):
    nothing = FigureInputs(*[empty(field.name) for field in fields(FigureInputs)])
    assert key_figures(nothing, company=COMPANY, cycle=CYCLE) == empty("key_figures")
