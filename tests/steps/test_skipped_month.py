"""A month nobody planned: the next cycle is compared with the last one there is, month by month."""

import re
from decimal import Decimal

import pytest

from sop_pipeline import steps
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from sop_pipeline.starter import init_company
from sop_pipeline.steps.publication import make_packs
from tests.steps.facts import sentences

pytestmark = pytest.mark.slow

MAY, JULY = Cycle.parse("2026-05"), Cycle.parse("2026-07")


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """The starter, planned in May and July and not in June, with two frozen months."""
    folder = tmp_path_factory.mktemp("skipped") / "company"
    init_company(folder)
    settings = folder / "sop.yaml"
    settings.write_text(settings.read_text().replace("frozen_months: 0", "frozen_months: 2"))
    company = CompanyFolder(folder)
    for cycle in (MAY, JULY):
        snapshot(company.settings, folder, cycle, company.lake)
        steps.run(company.lake, company.settings, cycle, checks=False, publish=True)
    return company


def rows(company, table, cycle=JULY):
    return company.lake.read(table, cycle).to_pylist()


def test_the_last_plan_is_that_of_may(company):
    planned = {(row["product_id"], row["month"]): row["quantity"] for row in rows(company, "demand_plan", MAY)}
    last = {(row["product_id"], row["month"]): row["demand"] for row in rows(company, "last_plan")}
    assert {row["cycle"] for row in rows(company, "last_plan")} == {"2026-05"}
    assert last == planned


def test_both_months_since_are_held_against_it(company):
    planned: dict[tuple, Decimal] = {}
    for row in rows(company, "sales_plan", MAY):
        place = row["family"], row["month"]
        planned[place] = planned.get(place, 0) + row["sales"]
    attained = [row for row in rows(company, "plan_attainment") if row["measure"] == "sales"]
    assert {f"{row['month']:%Y-%m}" for row in attained} == {"2026-05", "2026-06"}
    assert {(row["family"], row["month"]): row["plan"] for row in attained} == {
        place: amount for place, amount in planned.items() if place[1] < JULY.month
    }


def test_frozen_months_keep_what_may_planned_for_them(company):
    planned = {(row["product_id"], row["month"]): row["output"] for row in rows(company, "production_plan", MAY)}
    kept = [row for row in rows(company, "frozen_plan") if row["kept"]]
    assert {f"{row['month']:%Y-%m}" for row in kept} == {"2026-07", "2026-08"}
    assert [row["output"] for row in kept] == [planned[row["product_id"], row["month"]] for row in kept]


def test_changes_and_landing_are_against_may(company):
    landing = {(row["measure"], row["fiscal_year"]): row["latest"] for row in rows(company, "key_figures", MAY)}
    for row in rows(company, "key_figures"):
        if row["measure"] == "revenue":
            assert row["last_plan"] == landing["revenue", row["fiscal_year"]]
    ahead = [row for row in rows(company, "demand_plan") if row["month"] <= MAY.horizon(24)[-1]]
    before = [row for row in rows(company, "demand_plan", MAY) if row["month"] >= JULY.month]
    moved = sum(row["quantity"] for row in ahead) - sum(row["quantity"] for row in before)
    assert sum(row["demand_change"] for row in rows(company, "plan_changes")) == moved


def test_what_may_planned_has_been_scored(company):
    lags = {row["lag"] for row in rows(company, "forecast_value_added")}
    assert lags == {0, 1}


def test_the_pack_names_the_plan_it_compares_with(company):
    packs = make_packs(company, JULY)
    page = next(path for path in packs.files if path.suffix == ".html").read_text()
    assert "This is the first cycle" not in page
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", "", page, flags=re.S)
    assert "May’s plan" in text
    assert "June’s plan" not in text


def test_no_table_of_the_second_cycle_holds_a_sentence(company):
    made = {name: company.lake.read(name, JULY) for name in company.lake.hashes(JULY)}
    assert {"plan_changes", "frozen_plan"} <= {name for name, table in made.items() if table.num_rows}
    assert sentences(made, company.settings) == []
