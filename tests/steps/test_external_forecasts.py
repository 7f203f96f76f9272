"""The two examples of the planner's page in the starter company: read as mapped there, judged, planned with."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from sop_pipeline import steps, tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import check_company, snapshot
from sop_pipeline.starter import init_company

CYCLE = Cycle.parse("2026-07")
PAGE = Path(__file__).parents[2].joinpath("docs", "planner.md").read_text()
SECTION = PAGE[PAGE.index("## Forecasts made elsewhere") : PAGE.index("## Known events")]


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("external") / "company"
    init_company(folder)
    files = re.findall(r"`(data/\w+(?:-\d+)?\.csv)`:\n\n```csv\n(.*?)```", SECTION, re.DOTALL)
    assert [name for name, _ in files] == ["data/chronos_2026-07.csv", "data/canteen.csv"]
    for name, content in files:
        (folder / name).write_text(content)
    (mapped,) = re.findall(r"```yaml\n(.*?)```", SECTION, re.DOTALL)
    settings = yaml.safe_load((folder / "sop.yaml").read_text())
    settings["sources"] |= yaml.safe_load(mapped)["sources"]
    (folder / "sop.yaml").write_text(yaml.safe_dump(settings))
    return CompanyFolder(folder)


@pytest.fixture(scope="module")
def planned(company):
    snapshot(company.settings, company.path, CYCLE, company.lake)
    return steps.run(company.lake, company.settings, CYCLE, until="external_accuracy", checks=False)


def test_both_files_are_read_as_the_page_maps_them(planned):
    read = tables.rows(planned["external_forecasts"])
    chronos = [row for row in read if row["model"] == "chronos"]
    assert [(row["product_id"], row["month"], row["mean"], row["p10"], row["p90"]) for row in chronos] == [
        ("bread-1", date(2026, 7, 1), 3900, 3600, 4230),
        ("bread-1", date(2026, 8, 1), 3850, 3500, 4260),
        ("bread-2", date(2026, 7, 1), 2500, 2300, 2720),
    ]
    assert {row["cycle"] for row in chronos} == {CYCLE.month}
    canteen = {(row["cycle"].month, row["month"].month): row["mean"] for row in read if row["model"] == "canteen"}
    assert canteen == {(6, 6): 5800, (6, 7): 5900, (6, 8): 5100, (6, 9): 6200, (7, 7): 6000, (7, 8): 5200, (7, 9): 6300}
    assert not planned["quarantine"].num_rows


def test_neither_has_earned_its_place_yet_and_the_page_says_how_many_months_it_has(planned):
    rows = {(row["model"], row["item_id"]): row for row in tables.rows(planned["external_accuracy"])}
    assert {key: (row["outcome"], row["months"]) for key, row in rows.items()} == {
        ("chronos", "bread-1"): ("too_few", 0),
        ("chronos", "bread-2"): ("too_few", 0),
        ("canteen", "bread-3"): ("too_few", 1),
    }
    june = next(row["cleansed"] for row in tables.rows(planned["demand_history"]) if is_june(row))
    assert float(rows["canteen", "bread-3"]["wmape"]) == pytest.approx(abs(5800 - float(june)) / float(june), abs=1e-6)


def is_june(row):
    return (row["product_id"], row["month"]) == ("bread-3", date(2026, 6, 1))


def test_the_one_that_is_set_is_planned_with_as_it_stands(company, planned):
    settings = company.settings
    forecast = settings.forecast.model_copy(update={"external": "canteen"})
    settings = settings.model_copy(update={"forecast": forecast})
    made = steps.run(company.lake, settings, CYCLE, until="demand_plan", base=planned, checks=False)
    plan = {(row["product_id"], row["lag"]): row["statistical"] for row in tables.rows(made["demand_plan"])}
    assert [plan["bread-3", lag] for lag in range(3)] == [6000, 5200, 6300]
    before = {(row["item_id"], row["lag"]): row["mean"] for row in tables.rows(planned["forecast"]) if row["chosen"]}
    assert plan["bread-3", 3] == before["bread-3", 3]
    assert plan["bread-1", 0] == before["bread-1", 0]


def test_an_unknown_family_and_numbers_that_are_none_are_set_aside(tmp_path):
    folder = tmp_path / "company"
    init_company(folder)
    rows = ["model,cycle,family,month,mean", "rep,2026-07,Pasty,2026-07,100", "rep,2026-07,Bread,2026-07,-5"]
    rows += ["rep,2026-07,Bread,2026-08,nan", "rep,2026-07,Bread,2026-09,inf"]
    (folder / "data" / "rep.csv").write_text("\n".join(rows) + "\n")
    text = (folder / "sop.yaml").read_text()
    text = text.replace("sources:\n  products", "sources:\n  external_forecasts: data/rep.csv\n  products")
    (folder / "sop.yaml").write_text(text)
    told = str(check_company(folder))
    assert "found 'Pasty'. Needed a name that products has. Did you mean 'Pastry'?" in told
    assert "found '-5'. Needed at least 0." in told
    assert "column mean: found nothing. Blank; needed: expected demand" in told
    assert "found 'inf'. Needed a number such as 1234.5." in told
