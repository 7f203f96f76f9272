"""The example of the planner's page in the starter company, whose sales are raised by 2% for each percent off."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

from sop_pipeline import steps, tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from sop_pipeline.starter import init_company

CYCLE = Cycle.parse("2026-07")
PAGE = Path(__file__).parents[2].joinpath("docs", "planner.md").read_text()
SECTION = PAGE[PAGE.index("## Known events") : PAGE.index("## What the meeting decides")]
LIFT = 0.02


def raise_sales(path, off):
    with path.open() as given:
        rows = list(csv.DictReader(given))
    for row in rows:
        lift = 1 + LIFT * off.get((row["product_id"], row["date"][:7]), 0)
        row["quantity"] = str(round(float(row["quantity"]) * lift))
    with path.open("w", newline="") as written:
        writer = csv.DictWriter(written, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("events") / "company"
    init_company(folder)
    ((name, content),) = re.findall(r"`(data/\w+\.csv)`:\n\n```csv\n(.*?)```", SECTION, re.DOTALL)
    (folder / name).write_text(content)
    promotions = csv.DictReader(content.splitlines())
    raise_sales(
        folder / "data" / "sales.csv", {(row["article"], row["month"]): float(row["percent"]) for row in promotions}
    )
    (mapped,) = re.findall(r"```yaml\n(.*?)```", SECTION, re.DOTALL)
    settings = yaml.safe_load((folder / "sop.yaml").read_text())
    settings["sources"] |= yaml.safe_load(mapped)["sources"]
    (folder / "sop.yaml").write_text(yaml.safe_dump(settings))
    company = CompanyFolder(folder)
    snapshot(company.settings, company.path, CYCLE, company.lake)
    return steps.run(company.lake, company.settings, CYCLE, until="event_effects", checks=False)


def test_the_example_finds_what_was_planted_and_plans_with_it(planned):
    rows = {row["item_id"]: row for row in tables.rows(planned["event_effects"])}
    assert {item: (row["cases"], row["outcome"], row["months_ahead"]) for item, row in rows.items()} == {
        "bread-1": (4, "used", 1),
        "bread-2": (2, "used", 0),
        "bread-3": (0, "used", 1),
    }
    assert all(row["p10"] < LIFT < row["p90"] for row in rows.values())
    first = rows["bread-1"]
    assert [f"{float(first[name]):.1%}" for name in ("effect", "p10", "p90")] == ["1.9%", "1.7%", "2.1%"]
    assert round(first["units_ahead"]) == 1433
    assert not planned["quarantine"].num_rows


def test_what_it_brings_is_in_the_forecast_of_its_month(planned):
    rows = {row["item_id"]: row for row in tables.rows(planned["event_effects"])}
    forecast = {
        (row["item_id"], row["month"].month): float(row["mean"])
        for row in tables.rows(tables.where(planned["forecast"], chosen=True))
        if row["lag"] < 12
    }
    for item, month in (("bread-1", 9), ("bread-3", 10)):
        added = 20 * float(rows[item]["effect"])
        assert float(rows[item]["units_ahead"]) == pytest.approx(forecast[item, month] * added / (1 + added), abs=0.01)
        assert forecast[item, month] > 1.3 * forecast[item, month - 1]
