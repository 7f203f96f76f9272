"""A company's rules are checks of its assets: a warning is told and stops nothing, a block stops what rests on it."""

import dagster as dg
import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.steps.month import STEPS

FIRST = "2026-07"
WARN = "{table: sales, name: small, column: quantity, at_most: 1, severity: warn}"
BLOCK = "{table: products, name: cheap, column: unit_price, at_most: 0}"


def run(starter, instance, *rules):
    """Run the first step and the portfolio, which rests on it."""
    settings = starter.folder / "sop.yaml"
    settings.write_text(settings.read_text().replace("checks: []", f"checks: [{', '.join(rules)}]"))
    return starter.run(FIRST, instance, [*STEPS[0].outputs, "product_lifecycle"])


def evaluated(result, name):
    events = [event for event in result.all_events if event.event_type_value == "ASSET_CHECK_EVALUATION"]
    (found,) = [each for event in events if (each := event.asset_check_evaluation_data).check_name == name]
    return found


@pytest.mark.slow
def test_a_warning_is_told_with_numbers_and_stops_nothing(starter, instance):
    result = run(starter, instance, WARN)
    assert result.success
    told = evaluated(result, "small")
    assert (told.passed, told.severity) == (False, dg.AssetCheckSeverity.WARN)
    rows = starter.lake.read("sales", Cycle.parse(FIRST), result.run_id).to_pylist()
    broken = sum(row["quantity"] > 1 for row in rows)
    assert told.metadata["rows_failed"].value == broken > 0
    assert told.metadata["share_failed"].value == pytest.approx(broken / len(rows))
    sample = told.metadata["sample_rows"].value
    assert {record.data["currency"] for record in sample.records} == {""}  # a cell without a value
    page = (starter.folder / "quality" / f"{FIRST}.html").read_text()
    assert "sales: small" in page
    assert f"{broken} of {len(rows)} rows do not" in page
    assert evaluated(result, "columns").passed


@pytest.mark.slow
def test_a_block_stops_what_rests_on_the_table(starter, instance):
    result = run(starter, instance, WARN, BLOCK)
    assert not result.success
    assert not evaluated(result, "cheap").passed
    assert "product_lifecycle" not in {event.step_key for event in result.all_events if event.is_step_start}
