"""The order book: bookings, shipments and backlog apart, to the last unit, and lines on time in full."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.history.order_book import order_book
from sop_pipeline.validation.identities import order_book_balances
from tests.demand.planning.test_history import history, life, month, row

CYCLE = Cycle.parse("2026-01")
LIFE = tables.conform("product_lifecycle", [life("A", "2025-09"), life("B", "2025-09")])


def line(number, ordered, requested, shipped, quantity, quantity_shipped=None, product="A"):
    days = (each and date.fromisoformat(each) for each in (ordered, requested, shipped))
    names = ("ordered_on", "requested_on", "shipped_on")
    key = {"order_id": str(number), "line": "1", "product_id": product}
    return {**key, **dict(zip(names, days, strict=True)), "quantity": quantity, "quantity_shipped": quantity_shipped}


def book(*lines, cycle=CYCLE):
    orders = tables.conform("orders", list(lines))
    return orders, order_book(orders, LIFE, cycle=cycle)


def by_month(rows, name):
    return {f"{each['month']:%Y-%m}": each[name] for each in rows.to_pylist()}


def test_bookings_and_shipments_stand_in_months_of_their_own():
    orders, found = book(
        line(1, "2025-10-05", "2025-10-20", "2025-10-20", 100, 100),
        line(2, "2025-10-25", "2025-11-10", "2025-12-02", 40, 40),
        line(3, "2025-12-20", "2026-02-10", None, 30),
    )
    assert by_month(found, "bookings") == {"2025-10": 140, "2025-11": 0, "2025-12": 30}
    assert by_month(found, "shipments") == {"2025-10": 100, "2025-11": 0, "2025-12": 40}
    assert by_month(found, "closing_backlog") == {"2025-10": 40, "2025-11": 40, "2025-12": 30}
    assert by_month(found, "overdue") == {"2025-10": 0, "2025-11": 40, "2025-12": 0}
    assert by_month(found, "requested") == {"2025-10": 100, "2025-11": 40, "2025-12": 0}
    assert by_month(found, "lines_due") == {"2025-10": 1, "2025-11": 1, "2025-12": 0}
    assert by_month(found, "lines_in_full") == {"2025-10": 1, "2025-11": 0, "2025-12": 0}
    assert by_month(found, "promised_days")["2025-11"] == 16
    assert order_book_balances(found, orders, CYCLE).passed


def test_a_line_closed_short_owes_nothing_and_is_not_in_full():
    orders, found = book(line(1, "2025-11-01", "2025-11-20", "2025-11-18", 100, 70))
    assert by_month(found, "bookings") == {"2025-11": 70, "2025-12": 0}
    assert by_month(found, "closing_backlog") == {"2025-11": 0, "2025-12": 0}
    assert by_month(found, "lines_in_full")["2025-11"] == 0
    assert order_book_balances(found, orders, CYCLE).passed


def test_what_was_shipped_of_an_open_line_counts_in_the_last_month():
    orders, found = book(line(1, "2025-11-01", "2025-11-20", None, 100, 60))
    assert by_month(found, "closing_backlog") == {"2025-11": 100, "2025-12": 40}
    assert by_month(found, "overdue")["2025-12"] == 40
    assert order_book_balances(found, orders, CYCLE).passed


def test_a_company_without_orders_has_no_book():
    assert book()[1].num_rows == 0


DAYS = st.integers(min_value=0, max_value=110)
LINES = st.lists(
    st.tuples(st.sampled_from("AB"), DAYS, st.integers(0, 40), st.none() | st.integers(0, 60), st.integers(1, 500)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(LINES)
def test_any_orders_balance_and_leave_the_backlog_of_their_open_lines(drawn):
    first = date(2025, 9, 3)
    lines = []
    for number, (product, start, promise, took, units) in enumerate(drawn):
        ordered = first + timedelta(days=start)
        shipped = None if took is None else ordered + timedelta(days=took)
        shipped = shipped if shipped is not None and shipped < CYCLE.cutoff else None
        days = (ordered.isoformat(), (ordered + timedelta(days=promise)).isoformat(), shipped and shipped.isoformat())
        lines.append(line(number, *days, units, units if shipped else None, product=product))
    orders, found = book(*lines)
    assert order_book_balances(found, orders, CYCLE).passed
    for each in found.to_pylist():
        end = add_months(each["month"], 1)
        still_open = [
            one["quantity"]
            for one in lines
            if one["product_id"] == each["product_id"]
            and one["ordered_on"] < end
            and (one["shipped_on"] is None or one["shipped_on"] >= end)
        ]
        assert each["closing_backlog"] == sum(still_open)
        assert each["opening_backlog"] + each["bookings"] - each["shipments"] == each["closing_backlog"]


@pytest.mark.parametrize("column", ["bookings", "shipments", "closing_backlog", "opening_backlog"])
def test_the_check_finds_a_unit_that_is_missing(column):
    orders, found = book(line(1, "2025-10-05", "2025-10-20", "2025-12-20", 100, 100))
    place = found.column_names.index(column)
    values = [value + Decimal(1) for value in found[column].to_pylist()]
    broken = found.set_column(place, column, pa.array(values, found.schema.field(column).type))
    assert not order_book_balances(broken, orders, CYCLE).passed


ORDERED = [
    line(1, "2025-09-05", "2025-09-20", "2025-09-20", 10, 10),
    line(2, "2025-10-05", "2025-10-20", "2025-11-03", 80, 80),
    line(3, "2025-11-05", "2025-11-20", "2025-12-20", 50, 50),
]
SOLD = [row("A", "2025-09-20", 10), row("A", "2025-11-03", 80), row("A", "2025-12-20", 50)]


@pytest.mark.parametrize(
    ("families", "demand", "signal"),
    [
        (["F"], [10, 80, 50, 0], ["sales", "orders", "orders", "orders"]),
        ([], [10, 0, 80, 50], ["sales"] * 4),
        (["Other"], [10, 0, 80, 50], ["sales"] * 4),
    ],
    ids=["made to order", "made to stock", "another family"],
)
def test_demand_of_what_is_made_to_order_is_what_was_asked_for(families, demand, signal):
    found = book(*ORDERED)[1]
    rows = history([life("A", "2025-09")], SOLD, order_book=found, make_to_order=families)
    assert [each["month"] for each in rows] == [month(m) for m in ("2025-09", "2025-10", "2025-11", "2025-12")]
    assert [each["quantity"] for each in rows] == demand
    assert [each["signal"] for each in rows] == signal
