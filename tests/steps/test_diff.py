"""Two plans of a real cycle: the diff is all of the difference, its causes are what was changed, and no others."""

import json
from typing import cast

import pyarrow.parquet as pq
import pytest

from sop_pipeline import steps, tables
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import TablesAtHand
from sop_pipeline.releases import PlanName
from sop_pipeline.steps.diff import diff_lines, diff_plans, write_diff
from sop_pipeline.steps.diff.causes import causes
from sop_pipeline.steps.diff.side import Side
from tests.reconciliation.test_diff_cells import explains, sorted_rows
from tests.steps.conftest import CYCLE, JUNE
from tests.thrift import soak_alone

pytestmark = pytest.mark.slow

FIRST, SECOND = PlanName(JUNE, "r01"), PlanName(JUNE, "r02")


@pytest.fixture(scope="module")
def difference(released):
    return diff_plans(released.company.lake, FIRST, SECOND)


def test_applied_to_the_first_release_the_diff_gives_the_second_in_every_table(difference):
    assert "sales_plan" in difference.tables
    for name in tables.REGISTRY:
        before, after = difference.before.tables[name], difference.after.tables[name]
        if name in difference.tables:
            explains(name, before, after)
        else:
            assert sorted_rows(before) == sorted_rows(after)


def test_the_cause_is_the_setting_that_was_changed_alone(difference):
    (change,) = difference.causes.changes
    assert change == ("settings", "supply.strategy", "blended", "level")
    assert set(difference.causes.by_table.values()) == {("settings",)}
    assert {"plan_summary", "sales_plan", "key_figures"} <= set(difference.causes.by_table)
    assert "demand_plan" not in difference.tables


def test_the_terminal_names_the_cause_the_tables_and_the_counts(difference):
    lines = diff_lines(difference)
    counted = f"{len(difference.tables)} tables differ, {difference.same} say the same."
    assert lines[0] == f"2026-06@r01 -> 2026-06@r02: {counted}"
    assert "  settings        supply.strategy  blended -> level" in lines
    (summary,) = [line.split() for line in lines if line.startswith("plan_summary")]
    assert summary == ["plan_summary", "3", "0", "0", "2", "2", "settings"]  # chosen of two strategies


def test_files_hold_every_change(difference, tmp_path):
    parquet, readable, summary = write_diff(difference, tmp_path / "diff")
    written = pq.read_table(parquet)
    assert written.num_rows == sum(changes.cells.num_rows for changes in difference.tables.values())
    assert len(readable.read_text().splitlines()) == written.num_rows + 1
    told = json.loads(summary.read_text())
    assert (told["before"], told["after"]) == ("2026-06@r01", "2026-06@r02")
    assert told["tables"]["plan_summary"]["cells_changed"] == 2


class Held(dict):
    """Tables of a plan made up, each with a hash of its own."""

    @property
    def hashes(self):
        return {name: str(table) for name, table in self.items()}


def side(**options):
    rows = [
        {"cycle": "2026-06", "number": number, "decision_id": name, "action": "adopt", "kind": "strategy"}
        | {"option": option, "choice": "work_to", "choice_subject": subject, "subject": "blended"}
        | {"by": "Anna Ott", "why": "as put up", "on": CYCLE.month}
        for number, (name, (option, subject)) in enumerate(options.items(), start=1)
    ]
    made = Held(recorded_decisions=tables.conform("recorded_decisions", rows), plan_summary=len(rows))
    return Side(FIRST, cast(TablesAtHand, made), {}, {}, {})


def test_a_decision_is_named_and_reaches_what_was_planned_anew():
    before, after = side(stock=("A", "keep")), side(stock=("A", "keep"), strategy=("B", "level"))
    found = causes(before, after, ["recorded_decisions", "decisions_in_force", "plan_summary"])
    assert found.changes == (("decisions", "strategy", None, "adopt B work to level"),)
    assert found.by_table["recorded_decisions"] == ("decisions",)
    assert found.by_table["plan_summary"] == ("decisions",)


def test_a_plan_and_itself_say_the_same(released):
    (line,) = diff_lines(diff_plans(released.company.lake, FIRST, FIRST))
    assert line == f"2026-06@r01 and 2026-06@r01 say the same: {len(tables.REGISTRY)} tables."


@soak_alone
def test_the_diff_of_plans_at_other_costs_gives_the_other_plan(starter, planned):
    """In memory: the same settings; sales history stays, money moves."""
    dearer = steps.run(starter.lake, starter.settings, CYCLE, checks=False, base=planned, changes={"products": _dearer})
    changed = [name for name in tables.REGISTRY if not dearer[name].equals(planned[name])]
    assert {"products", "financial_plan"} <= set(changed)
    assert "demand_history" not in changed
    for name in changed:
        explains(name, planned[name], dearer[name])


def _dearer(products):
    rows = [{**row, "standard_cost": row["standard_cost"] and row["standard_cost"] * 2} for row in products.to_pylist()]
    return tables.conform("products", rows)


def test_what_is_not_there_is_refused_with_what_is(released):
    with pytest.raises(BadInput, match=r"found no release r07 of cycle 2026-06; needed one of r01, r02"):
        diff_plans(released.company.lake, FIRST, PlanName(JUNE, "r07"))
