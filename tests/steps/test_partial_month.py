"""Sales that end on the ninth, planned all the same: the month is what came, and its rest a forecast."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from sop_pipeline.steps.publication import make_packs

pytestmark = pytest.mark.slow

SEPTEMBER = Cycle.parse("2026-09")
PER_DAY, PRICE = 40, 5
LAST = date(2026, 8, 9)
SETTINGS = """company: Corner Shop
currency: EUR
horizon_months: 12
sources: {products: products.csv, sales: sales.csv, business_plan: business_plan.csv}
freshness: {accept_stale: {sales: 2026-09}}
packs: {formats: [html, xlsx]}
"""


def write(path, rows):
    with path.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A shop that sells 40 pieces each day at 5, from January 2024 to 9 August 2026."""
    folder = tmp_path_factory.mktemp("partial")
    (folder / "sop.yaml").write_text(SETTINGS)
    days = [date(2024, 1, 1) + timedelta(days=step) for step in range((LAST - date(2024, 1, 1)).days + 1)]
    write(
        folder / "products.csv",
        [{"product_id": "A", "product_name": "Apple", "family": "Food", "unit_price": 6, "standard_cost": 3}],
    )
    write(
        folder / "sales.csv",
        [{"date": day, "product_id": "A", "quantity": PER_DAY, "revenue": PER_DAY * PRICE} for day in days],
    )
    months = [date(2026, month, 1) for month in range(1, 13)]
    write(
        folder / "business_plan.csv",
        [{"month": f"{month:%Y-%m}", "family": "Food", "units": 1200, "revenue": 6000} for month in months],
    )
    made = CompanyFolder(folder)
    snapshot(made.settings, folder, SEPTEMBER, made.lake)
    steps.run(made.lake, made.settings, SEPTEMBER, publish=True)
    return made


def row(company, table, **wanted):
    (found,) = [
        each
        for each in company.lake.read(table, SEPTEMBER).to_pylist()
        if all(each[name] == value for name, value in wanted.items())
    ]
    return found


def test_august_is_nine_days_and_twenty_two_days_of_forecast(company):
    """31 days at 40 pieces. The rest is told by working days, of which August has 21, so it may be some percent off."""
    august = row(company, "actuals", month=date(2026, 8, 1))
    recorded = august["sales"] - august["sales_estimated"]
    assert recorded == 9 * PER_DAY
    assert float(august["sales_estimated"]) == pytest.approx(22 * PER_DAY, rel=0.1)
    assert august["revenue"] == pytest.approx(Decimal(august["sales"]) * PRICE, abs=Decimal("0.01"))
    assert row(company, "actuals", month=date(2026, 7, 1))["sales_estimated"] == 0
    assert row(company, "actuals", month=date(2026, 7, 1))["sales"] == 31 * PER_DAY


def test_money_says_which_month_is_partly_forecast(company):
    basis = {each["month"]: each["basis"] for each in company.lake.read("financial_plan", SEPTEMBER).to_pylist()}
    assert (basis[date(2026, 7, 1)], basis[date(2026, 8, 1)], basis[date(2026, 9, 1)]) == ("actual", "partial", "plan")
    figure = row(company, "key_figures", measure="revenue", fiscal_year=2026)
    assert (figure["actual_to"], figure["plan_from"]) == (date(2026, 7, 1), date(2026, 8, 1))


def test_the_bridge_has_no_loss_that_did_not_happen(company):
    """365 days of 40 pieces at the 5 that they bring, against 72,000 planned: 1,000 above, and no 4,400 of August."""
    bars = [
        each["amount"]
        for each in company.lake.read("bridge", SEPTEMBER).to_pylist()
        if each["measure"] == "revenue" and each["fiscal_year"] == 2026
    ]
    assert float(sum(bars)) == pytest.approx(365 * PER_DAY * PRICE - 72_000, abs=1_200)


def test_pages_say_it_and_the_mark_too(company):
    page = next(path for path in make_packs(company, SEPTEMBER).files if path.suffix == ".html").read_text()
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", "", page, flags=re.DOTALL)
    assert "actual to 9 Aug 2026, the rest of August forecast" in text
    assert "sales end on 9 Aug 2026, 16 working days before the cut-off" in text
    assert "data to 9 Aug 2026" in text
    assert "data trusted" not in text
    assert "actual to August" not in text
    assert "Aug*" in text
