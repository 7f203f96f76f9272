"""A company that counts grams and rials plans the month of one that counts kilograms and euros, in larger numbers."""

import csv
from decimal import Decimal

import pytest
import yaml

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.ingest import snapshot
from tests.steps import dairy

RIALS, GRAMS = 100_000_000, 100_000
AMOUNTS = (
    *("revenue", "margin"),
    *("unit_price", "unit_material_cost", "standard_cost", "subcontract_cost"),
)
"""Columns in money; the last four are money for one unit."""
VOLUMES = ("units", "quantity", "on_hand", "min_lot", "subcontract_limit")


def planned(folder, rials=1, grams=1):
    """Plan the dairy's month with so many rials for a euro and grams for a unit sold, and have it checked.

    Its capacity is not stated.
    """
    dairy.write(folder)
    settings = folder / "sop.yaml"
    stated = yaml.safe_load(settings.read_text(encoding="utf-8"))
    for name in ("resources", "product_features", "materials"):
        del stated["sources"][name]
        (folder / "data" / f"{name}.csv").unlink()
    stated["finance"] = {
        "fixed_cost_month": 10_000 * rials,
        "opening_receivables": 1_000 * rials,
        "receipt_lag_months": 3,
    }
    stated["goals"] = [
        {"measure": "revenue", "at_least": 500_000 * rials},
        {"measure": "service", "at_least": 0.98765432},
    ]
    settings.write_text(yaml.safe_dump(stated), encoding="utf-8")
    for path in (folder / "data").iterdir():
        with path.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        for row in rows:
            row.update({name: Decimal(row[name]) * rials for name in AMOUNTS if row.get(name)})
            row.update({name: row[name] / grams for name in AMOUNTS[-4:] if row.get(name)})
            row.update({name: Decimal(row[name]) * grams for name in VOLUMES if row.get(name)})
        dairy.write_csv(path, rows)
    company = CompanyFolder(folder)
    snapshot(company.settings, folder, dairy.CYCLE, company.lake)
    return steps.run(company.lake, company.settings, dairy.CYCLE)


def total(run, table, column):
    return float(sum(value or 0 for value in run[table].column(column).to_pylist()))


@pytest.mark.slow
def test_a_month_in_grams_and_rials_is_the_month_in_kilograms_and_euros(tmp_path):
    small, large = planned(tmp_path / "small"), planned(tmp_path / "large", RIALS, GRAMS)
    for table, column, factor in (
        ("sales_plan", "sales", GRAMS),
        ("production_plan", "output", GRAMS),
        ("financial_plan", "revenue", RIALS),
        ("financial_plan", "margin", RIALS),
        ("plan_money", "cash_change", RIALS),
        ("plan_money", "receivables", RIALS),
    ):
        assert total(large, table, column) == pytest.approx(total(small, table, column) * factor, rel=1e-3), column
