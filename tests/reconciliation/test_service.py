"""Service of fiscal years, by hand: lines on time in full, fill rates at list prices, the business plan's own level."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from sop_pipeline import sql, tables
from tests.reconciliation.conftest import make

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
DAYS = {"ordered_on": "2026-04-20", "requested_on": "2026-05-10"}


def line(number, **more):
    return {"order_id": f"o{number}", "line": "1", "product_id": "bar", "quantity": 5} | DAYS | more


LINES = (
    line(1, shipped_on="2026-05-10"),
    line(2, shipped_on="2026-05-09", quantity_shipped=5),
    line(3, shipped_on="2026-05-11"),
    line(4, shipped_on="2026-05-01", quantity_shipped=4),
    line(5),
    line(6, shipped_on="2026-06-30", requested_on="2026-06-30"),
    line(7, requested_on="2026-07-01", shipped_on="2026-07-01"),
    line(8, requested_on="2025-05-10", shipped_on="2025-05-10"),
    line(9, requested_on="2025-05-10", shipped_on="2025-05-12"),
)
"""Two of the first five in time and whole, one due on the last day, one due after the cut-off; half of last year's."""

FLOWS = pa.schema([tables.get("sales_plan").arrow.field(name) for name in ("product_id", "month", "demand", "sales")])
OWED = ("product_id", "month", "demand", "backlog", "lost_sales")
SCHEDULE = pa.schema([tables.get("production_schedule").arrow.field(name) for name in OWED])


def schedule(*rows):
    """A month's demand, and what of it was sold; of the rest ``late`` is owed at its end, all else lost."""
    made = []
    for name, month, demand, sales, *late in rows:
        owed = Decimal(late[0] if late else 0)
        lost = Decimal(demand) - Decimal(sales) - owed if not late else Decimal(0)
        made.append(dict(zip(OWED, (name, month, Decimal(demand), owed, lost), strict=True)))
    return pa.Table.from_pylist(made, SCHEDULE)


def plan(*rows):
    return pa.Table.from_pylist(
        [
            {"product_id": name, "month": month, "demand": Decimal(demand), "sales": Decimal(sales)}
            for name, month, demand, sales in rows
        ],
        FLOWS,
    )


PRICES = (
    {"product_id": "bar", "product_name": "Bar", "unit_price": 10},
    {"product_id": "oil", "product_name": "Oil", "unit_price": 2},
)
GOALS = (
    {"month": "2026-05", "family": "A", "service_level": 0.9, "revenue": 300},
    {"month": "2026-05", "family": "B", "service_level": 0.8, "revenue": 100},
    {"month": "2026-06", "family": "A", "service_level": 0.95, "revenue": 200},
    {"month": "2026-06", "family": "B", "revenue": 5000},
)


def service(*, products=PRICES, has_plan=True, lead=0, july=(10, 10), june=(100, 100)):
    months = [{"month": month, "fiscal_year": 2026, "has_business_plan": has_plan} for month in (MAY, JUNE)]
    months.append({"month": JULY, "fiscal_year": 2027, "has_business_plan": False})
    given = {
        "orders": make("orders", *LINES),
        "products": make("products", *products),
        "production_schedule": schedule(
            ("bar", MAY, 100, 90), ("oil", MAY, 500, 400), ("oil", JUNE, *june), ("oil", JULY, *july)
        ),
        "last_plan": plan(("bar", MAY, 80, 40), ("oil", JUNE, 200, 150)),
        "fiscal_months": pa.Table.from_pylist(months),
        "business_plan": make("business_plan", *GOALS),
    }
    rows = sql.query("reconciliation/service", given, {"fiscal_lead_months": lead, "cutoff": JULY}).to_pylist()
    return {row["fiscal_year"]: row for row in rows}


def test_every_figure_of_a_year_by_hand():
    years = service()
    row = years[2026]
    assert (row["lines_due"], row["on_time_in_full"]) == (6, Decimal("0.5"))
    assert row["on_time_in_full_before"] == Decimal("0.5")
    # at list prices: 10 x 90 + 2 x 500 of 10 x 100 + 2 x 600; before 10 x 40 + 2 x 150 of 10 x 80 + 2 x 200
    assert row["fill_rate"] == Decimal(str(round(1900 / 2200, 4)))
    assert row["fill_rate_before"] == Decimal(str(round(700 / 1200, 4)))
    assert row["business_plan"] == Decimal(str(round((0.9 * 300 + 0.8 * 100 + 0.95 * 200) / 600, 4)))
    after = years[2027]
    assert (after["lines_due"], after["fill_rate"], after["fill_rate_before"], after["business_plan"]) == (
        None,
        1,
        None,
        None,
    )
    assert after["on_time_in_full_before"] == Decimal("0.5")


def test_without_prices_units_count_and_a_product_without_one_counts_nothing_beside_others():
    bare = [{name: value for name, value in row.items() if name != "unit_price"} for row in PRICES]
    assert service(products=bare)[2026]["fill_rate"] == Decimal(str(round((90 + 500) / 700, 4)))
    assert service(products=(PRICES[0], bare[1]))[2026]["fill_rate"] == Decimal("0.9")


def test_prices_of_nothing_are_none():
    free = [row | {"unit_price": 0} for row in PRICES]
    assert service(products=free)[2026]["fill_rate"] == Decimal(str(round((90 + 500) / 700, 4)))


@pytest.mark.parametrize(("july", "rate"), [((10, 0), 0), ((0, 0), None)])
def test_nothing_served_is_none_of_it_and_nothing_asked_for_has_no_rate(july, rate):
    assert service(july=july)[2027]["fill_rate"] == rate


def test_what_comes_a_month_late_is_served_late():
    """Of June's 100, 40 are owed at its end and come in July: sold in the year, and yet not in their month."""
    years = service(june=(100, 100, 40), lead=0)
    assert years[2026]["fill_rate"] == Decimal(str(round((1900 - 40 * 2) / 2200, 4)))


def test_a_plan_that_lacks_a_month_has_no_level():
    assert service(has_plan=False)[2026]["business_plan"] is None


@pytest.mark.parametrize(("lead", "this_year", "next_year"), [(0, 6, None), (7, 5, 1), (8, 2, 6)])
def test_lines_are_due_in_fiscal_years(lead, this_year, next_year):
    """Seven months on, the last of June is 2027; eight months on May is, too, and May of the year before is 2026."""
    years = service(lead=lead)
    assert (years[2026]["lines_due"], years[2027]["lines_due"]) == (this_year, next_year)
