"""A company that states some of its money and not the rest plans its month, and every blocking check holds."""

import csv

import pytest

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.ingest import snapshot
from tests.steps import dairy
from tests.thrift import some

PRICES = {"unit_price", "revenue", "margin"}
COSTS = {"unit_material_cost", "standard_cost", "subcontract_cost", "unit_cost"}
RATES = {"regular_rate", "overtime_rate", "hire_cost", "layoff_cost"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "unknown", some([COSTS | RATES, PRICES | COSTS, PRICES | RATES, COSTS, PRICES | COSTS | RATES], 4)
)
def test_a_month_is_planned_whatever_money_is_known(tmp_path, unknown):
    dairy.write(tmp_path)
    for path in (tmp_path / "data").iterdir():
        with path.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        dairy.write_csv(path, [{name: cell for name, cell in row.items() if name not in unknown} for row in rows])
    company = CompanyFolder(tmp_path)
    snapshot(company.settings, tmp_path, dairy.CYCLE, company.lake)
    run = steps.run(company.lake, company.settings, dairy.CYCLE)
    spent = {row["regular_pay"] for row in run["plan_money"].to_pylist() if row["chosen"]}
    assert (spent == {None}) == (unknown >= COSTS | RATES)
    paid = [row for row in run["operational_plan"].to_pylist() if row["commitment"] == "regular_pay"]
    assert bool(paid) == any(spent)
