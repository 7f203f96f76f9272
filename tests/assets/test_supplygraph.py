"""A real maker of consumer goods, from its archived wide files to a pack: what is missing is met, visibly."""

import shutil
from pathlib import Path

import pytest

from sop_pipeline.cycle import Cycle

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
CYCLE = "2023-07"


@pytest.fixture(scope="module")
def supplygraph(benchmark_data, instance, company_at, tmp_path_factory):
    folder = tmp_path_factory.mktemp("supplygraph")
    shutil.copy(ROOT / "examples" / "supplygraph" / "sop.yaml", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOP_BENCHMARK_DATA", str(benchmark_data))
        company = company_at(folder)
        result = company.run(CYCLE, instance)
    assert result.success, [event.message for event in result.all_events if event.is_step_failure]
    return company


def table(company, name):
    return company.lake.read(name, Cycle.parse(CYCLE)).to_pylist()


def test_the_duplicate_column_is_added_up_and_counted(supplygraph):
    files = {row["table"]: row for row in table(supplygraph, "source_files")}
    assert files["products"]["rows_duplicate"] == 1
    assert files["sales"]["rows_used"] == files["sales"]["rows_read"]
    assert len(table(supplygraph, "products")) == 40


def test_products_never_sold_stay_visible_and_are_planned_at_zero(supplygraph):
    status = {row["product_id"]: row["status"] for row in table(supplygraph, "product_lifecycle")}
    never = {product for product, stage in status.items() if stage == "never_sold"}
    planned = {row["product_id"] for row in table(supplygraph, "demand_plan") if row["quantity"]}
    assert len(status) == 40
    assert not never & planned


def test_six_months_of_history_claim_no_accuracy(supplygraph):
    assert table(supplygraph, "forecast_accuracy") == []
    assert all(row["p10"] <= row["quantity"] <= row["p90"] for row in table(supplygraph, "demand_plan"))


def test_what_is_missing_is_listed_as_a_default(supplygraph):
    defaults = {row["default_id"]: row["items"] for row in table(supplygraph, "defaults_used")}
    for default in ("no_price", "no_cost", "opening_stock"):
        assert defaults[default] == 40
    for default in ("no_business_plan", "resources_from_production", "safety_stock_range"):
        assert default in defaults


def test_without_prices_the_money_is_blank_and_the_units_are_not(supplygraph):
    rows = table(supplygraph, "sales_plan")
    assert {row["revenue"] for row in rows} == {None}
    assert sum(row["sales"] for row in rows) > 0


def test_level_chase_and_blended_all_plan_it(supplygraph):
    assert {row["strategy"] for row in table(supplygraph, "plan_summary")} == {"level", "chase", "blended"}


def test_its_pack_is_there(supplygraph):
    made = {path.suffix for path in (supplygraph.folder / "packs" / CYCLE).rglob("*") if path.is_file()}
    assert {".html", ".xlsx", ".csv"} <= made
