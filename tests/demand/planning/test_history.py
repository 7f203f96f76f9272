"""Given transactions, the monthly demand: signal, zeros, returns, succession, cut-off."""

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.history.demand_history import WhatIsSaid, demand_history
from sop_pipeline.language.demand import finding_words

CYCLE = Cycle.parse("2026-01")


def company(**given):
    return Company.model_validate({"company": "Acme", "sources": {}, **given})


def month(text):
    return date.fromisoformat(f"{text}-01")


def life(product_id, first, status="active", **given):
    return {
        "product_id": product_id,
        "product_name": product_id,
        "family": "F",
        "status": status,
        "first_month": first and month(first),
        "history_months": 1,
        **given,
    }


def row(product_id, day, quantity, **given):
    return {"product_id": product_id, "date": date.fromisoformat(day), "quantity": quantity, **given}


def history(
    lifecycle, sales=(), production=(), inventory=(), inputs=(), cycle=CYCLE, calendar=None, order_book=None, **settings
):
    days = calendar or [
        {"month": add_months(cycle.month, -back), "working_days": 21, "source": "test"} for back in range(80)
    ]
    result = demand_history(
        tables.conform("sales", list(sales)),
        tables.conform("production", list(production)),
        tables.conform("inventory", list(inventory)),
        tables.conform("product_lifecycle", list(lifecycle)),
        tables.conform("working_calendar", days),
        WhatIsSaid(
            tables.conform("demand_inputs", list(inputs)),
            tables.empty("order_book") if order_book is None else order_book,
        ),
        company=company(**settings),
        cycle=cycle,
    )
    return tables.rows(result)


def column(rows, name, product_id):
    return [row[name] for row in rows if row["product_id"] == product_id]


def test_months_without_a_sale_are_zero_and_returns_are_netted():
    rows = history(
        [life("A", "2025-09")],
        [row("A", "2025-09-15", 100), row("A", "2025-09-20", -30), row("A", "2025-12-31", 7)],
    )
    assert column(rows, "month", "A") == [month(m) for m in ("2025-09", "2025-10", "2025-11", "2025-12")]
    assert column(rows, "quantity", "A") == [70, 0, 0, 7]
    assert column(rows, "returns", "A") == [30, 0, 0, 0]
    assert column(rows, "signal", "A") == ["sales"] * 4


def test_nothing_dated_or_recorded_at_the_cut_off_counts():
    rows = history(
        [life("A", "2025-12")],
        [
            row("A", "2025-12-01", 5),
            row("A", "2026-01-01", 90),
            row("A", "2025-12-31", 80, recorded_on=date(2026, 1, 1)),
        ],
    )
    assert column(rows, "quantity", "A") == [5]


def test_without_sales_demand_is_output_less_the_change_of_stock():
    made = [row("A", f"2025-{m:02}-10", 100) for m in (9, 10, 11, 12)]
    stock = [
        {"product_id": "A", "date": date(2025, m, 28), "on_hand": held, "site_id": "S"}
        for m, held in ((9, 50), (10, 80), (11, 60))
    ]
    rows = history([life("A", "2025-09")], production=made, inventory=stock)
    assert column(rows, "quantity", "A") == [100, 70, 120, 100]
    assert column(rows, "signal", "A") == ["production"] * 4


def test_months_between_two_counts_share_what_left_the_stock():
    made = [row("A", f"2025-{m:02d}-10", 90 * (m == 9)) for m in range(9, 13)]
    stock = [
        {"product_id": "A", "date": date(2025, m, 28), "on_hand": left} for m, left in ((8, 10), (9, 70), (11, 10))
    ]
    rows = history([life("A", "2025-09")], production=made, inventory=stock)
    assert column(rows, "quantity", "A") == [30, 30, 30, 0]
    assert column(rows, "counted_over", "A") == [None, 2, 2, None]
    assert finding_words(rows[1]) == "an equal part of the 2 months between two stock counts"


def test_a_site_more_in_the_count_is_not_taken_for_a_change_of_stock():
    made = [row("A", f"2025-{m:02}-10", 100) for m in (11, 12)]
    stock = [
        {"product_id": "A", "date": date(2025, 11, 30), "on_hand": 50, "site_id": "S"},
        {"product_id": "A", "date": date(2025, 12, 31), "on_hand": 50, "site_id": "S"},
        {"product_id": "A", "date": date(2025, 12, 31), "on_hand": 40, "site_id": "T"},
    ]
    rows = history([life("A", "2025-11")], production=made, inventory=stock)
    assert column(rows, "quantity", "A") == [100, 100]


def test_the_signal_can_be_set_for_all_products():
    given = {"sales": [row("A", "2025-12-10", 5)], "production": [row("A", "2025-12-10", 9)]}
    assert column(history([life("A", "2025-12")], **given), "quantity", "A") == [5]
    by_output = history([life("A", "2025-12")], **given, forecast={"signal": "production"})
    assert column(by_output, "quantity", "A") == [9]


def test_history_moves_to_the_successor_and_every_unit_counts_once_on_either_side():
    rows = history(
        [
            life("A", "2025-09", "ended", last_month=month("2025-10"), successor_id="B"),
            life("B", "2025-09"),
        ],
        [
            row("A", "2025-09-15", 100),
            row("A", "2025-10-15", 90),
            row("B", "2025-11-15", 80),
            row("B", "2025-12-15", 85),
        ],
    )
    assert column(rows, "quantity", "A") == [100, 90, 0, 0]
    assert column(rows, "cleansed", "A") == [0, 0, 0, 0]
    assert column(rows, "quantity", "B") == [0, 0, 80, 85]
    assert column(rows, "cleansed", "B") == [100, 90, 80, 85]
    assert column(rows, "handed_to", "A") == ["B", "B", None, None]
    assert column(rows, "inherited", "B") == [100, 90, None, None]
    assert finding_words(rows[0]) == "handed over to B"
    assert finding_words(next(row for row in rows if row["inherited"])) == "with 100 of its predecessors"


def test_products_that_never_sold_have_no_history():
    assert history([life("Z", None, "never_sold")]) == []


def test_row_order_and_threads_do_not_matter():
    sales = [row(p, f"2025-{m:02}-{d:02}", 10 * m + d) for p in "AB" for m in range(1, 13) for d in (3, 17)]
    lifecycle = [life("A", "2025-01"), life("B", "2025-01")]
    assert history(lifecycle, sales) == history(lifecycle[::-1], sales[::-1])


@pytest.mark.parametrize("quantity", ["0.0001", "123456789012.3456"])
def test_quantities_are_exact(quantity):
    rows = history([life("A", "2025-12")], [row("A", "2025-12-31", Decimal(quantity))])
    assert column(rows, "quantity", "A") == [Decimal(quantity)]
