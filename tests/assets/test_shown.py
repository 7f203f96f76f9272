"""What the web UI shows of a planned cycle's demand review, and of a company that has little to show."""

import base64
import re
import xml.etree.ElementTree as ElementTree
from datetime import date

import dagster as dg
import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.review import shown as demand_shown
from tests.present import present

CYCLE = Cycle.parse("2026-07")
COMPANY = Company.model_validate({"company": "Acme", "sources": {}, "forecast": {"lags": [0, 1]}})


@pytest.fixture(scope="module")
def shown(planned):
    """Metadata of the planned starter company, by table."""
    _, result = planned
    events = [
        event
        for node in ("statistical_forecast", "consensus_demand", "forecast_value_added")
        for event in result.asset_materializations_for_node(node)
    ]
    return {event.asset_key.path[-1]: event.metadata for event in events}


def pictures(markdown):
    found = re.findall(r"!\[(.+?)\]\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)", markdown)
    return {name: ElementTree.fromstring(base64.b64decode(code)) for name, code in found}


def test_every_family_has_a_picture_with_its_lines_and_its_range(planned, shown):
    company, _ = planned
    forecast = company.lake.read("forecast", CYCLE)
    drawn = pictures(shown["forecast"]["families"].value)
    families = set(tables.texts(tables.where(forecast, level="family"), "item_id"))
    assert set(drawn) == families
    for picture in drawn.values():
        shapes = [each.attrib for each in picture if each.tag.endswith("path")]
        lines = [each for each in shapes if each.get("fill") == "none"]
        band = [each for each in shapes if each.get("fill-opacity")]
        assert len(lines) == 3
        assert len(band) == 1
        asked_for, planned_months = lines[1]["d"].count("L") + 1, lines[2]["d"].count("L") + 1
        assert planned_months == 24
        assert 12 <= asked_for <= 36
        assert band[0]["d"].count("L") + 1 == 2 * planned_months


def test_accuracy_is_told_by_level_and_lag_and_product_as_the_table_has_it(planned, shown):
    company, _ = planned
    table = company.lake.read("forecast_accuracy", CYCLE).to_pylist()
    used = next(r["approach"] for r in company.lake.read("forecast_approach", CYCLE).to_pylist() if r["chosen"])
    records = [record.data for record in shown["forecast_accuracy"]["by_level_and_lag"].records]
    assert {record["approach"] for record in records} == {used, "naive"}
    assert records[0]["level"] == "company"
    for record in records:
        row = next(
            r
            for r in table
            if (r["approach"], r["level"], r["item_id"], str(r["lag"]))
            == (record["approach"], record["level"], "all", record["lag"])
        )
        assert record["wmape"] == f"{float(row['wmape']):.1%}"
    worst = [
        r["wmape"]
        for r in table
        if (r["approach"], r["level"], r["lag"]) == (used, "product", 0) and r["item_id"] != "all"
    ]
    told = [record.data["wmape"] for record in shown["forecast_accuracy"]["worst_products"].records]
    assert told == [f"{float(value):.1%}" for value in sorted(worst, reverse=True)[:10]]


def test_approaches_stand_side_by_side_with_the_reason(planned, shown):
    company, _ = planned
    rows = company.lake.read("forecast_approach", CYCLE).to_pylist()
    records = [record.data for record in shown["forecast_approach"]["approaches"].records]
    assert {record["approach"] for record in records} == {row["approach"] for row in rows}
    assert [record["approach"] for record in records if record["chosen"] == "yes"] == [
        row["approach"] for row in rows if row["chosen"]
    ]
    assert shown["forecast_approach"]["why"].value


def test_a_first_cycle_says_that_there_is_nothing_to_compare(shown):
    assert shown["forecast_value_added"]["value_added"].value.startswith("Nothing to compare yet")


def records(table):
    """Rows of a shown table by heading."""
    return [dict(zip(table.headings, row, strict=True)) for row in table.rows]


def step(name, position, item, gain, **more):
    return {
        "step": name,
        "position": position,
        "level": "product",
        "item_id": item,
        "lag": 0,
        "n": 6,
        "wmape": 0.2,
        "value_added": gain,
        **more,
    }


def test_value_added_is_told_step_by_step_with_the_inputs_that_hurt_most():
    rows = [
        step("naive", 0, "all", None),
        step("statistical", 1, "all", 0.05, value_added_money=1234.5),
        step("sales", 2, "all", -0.01),
        step("sales", 2, "A", -0.02),
        step("finance", 3, "B", -0.30),
        step("sales", 2, "C", 0.10),
        step("sales", 2, "D", -0.40, n=5),
        step("consensus", 4, "B", -0.30),
    ]
    found = demand_shown.forecast_value_added(tables.conform("forecast_value_added", rows))
    assert [record["step"] for record in records(found["step_by_step"])] == ["naive", "statistical", "sales"]
    assert records(found["step_by_step"])[1]["points"] == "+5.0"
    assert records(found["step_by_step"])[1]["money"] == "1,234"
    hurt = [(record["step"], record["item"]) for record in records(found["inputs_that_hurt_most"])]
    assert hurt == [("finance", "B"), ("sales", "A")]


def test_without_a_backtest_no_accuracy_is_claimed():
    row = {"approach": "bottom_up", "chosen": True, "basis": "preferred_untested"}
    approach = tables.conform("forecast_approach", [row])
    found = demand_shown.forecast_accuracy(tables.empty("forecast_accuracy"), approach, COMPANY)
    assert found["accuracy"] == "The history is too short for a backtest: no accuracy is claimed."


def family_rows(names):
    months = [(CYCLE.month, 10.0)]
    forecast = [
        {"approach": "bottom_up", "level": "family", "item_id": name, "month": month, "lag": 0, "mean": amount + place}
        | {"p10": 5.0, "p50": 8.0, "p90": 30.0, "model": "ses", "chosen": True}
        for place, name in enumerate(names)
        for month, amount in months
    ]
    history = [
        {
            "product_id": name,
            "family": name,
            "month": date(2026, 6, 1),
            "quantity": 9.0,
            "cleansed": 9.0,
            "returns": 0.0,
        }
        | {"signal": "sales"}
        for name in names
    ]
    units = [
        {"product_id": name, "family": name, "unit_of_measure": "kg", "family_unit": "kg", "family_equivalent": 1.0}
        for name in names
    ]
    made = {"forecast": forecast, "demand_history": history, "demand_units": units}
    return {name: tables.conform(name, rows) for name, rows in made.items()}


def test_at_most_twelve_families_are_drawn_and_the_rest_named():
    names = [f"F{n:02}" for n in range(14)]
    markdown = str(demand_shown.forecast(**family_rows(names), cycle=CYCLE)["families"])
    assert list(pictures(markdown)) == names[:1:-1]
    assert markdown.endswith("Not drawn: F00, F01.")


def test_a_family_s_name_cannot_break_the_picture():
    name = "A & <b> | [x](y)"
    shown = str(demand_shown.forecast(**family_rows([name]), cycle=CYCLE)["families"])
    code = present(re.search(r"base64,([A-Za-z0-9+/=]+)\)", shown)).group(1)
    title = ElementTree.fromstring(base64.b64decode(code))[0].text
    assert title == f"{name}, kg a month"
    assert isinstance(dg.MetadataValue.md(shown), dg.MarkdownMetadataValue)
