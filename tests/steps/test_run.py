"""Planning without Dagster: whole, in part, with changes, and published."""

import shutil
import subprocess
import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sop_pipeline import steps, tables
from sop_pipeline.company_folder import PROJECT, CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.steps import month
from tests.steps.conftest import CYCLE
from tests.thrift import soak_alone, some

AUGUST = Cycle.parse("2026-08")
RATE = {"month": CYCLE.month, "currency": "USD", "rate": Decimal("0.9")}


def times(table, column, factor):
    place = table.column_names.index(column)
    return table.set_column(place, column, pc.multiply_checked(table[column], pa.scalar(factor)))


def test_all_tables_are_planned_and_published_with_their_settings(starter, planned):
    assert set(planned.tables) == set(tables.REGISTRY)
    assert planned.ran == tuple(step.name for step in month.STEPS)
    assert set(starter.lake.hashes(CYCLE)) == set(tables.REGISTRY)
    assert starter.lake.read("sales_plan", CYCLE) == planned["sales_plan"]
    assert steps.published(starter.lake, CYCLE).company == starter.settings


def test_until_a_table_only_what_it_rests_on_is_planned_and_nothing_is_written(starter, planned):
    before = starter.lake.pointer(CYCLE)
    part = steps.run(starter.lake, starter.settings, CYCLE, until="demand_plan", checks=False)
    assert part.ran[-1] == "consensus_demand"
    assert "aggregate_plan" not in part.tables
    assert part["demand_plan"] == planned["demand_plan"]
    assert starter.lake.pointer(CYCLE) == before


def test_a_change_is_planned_from_where_it_touches(starter, planned):
    changed = steps.run(
        starter.lake,
        starter.settings,
        CYCLE,
        base=steps.published(starter.lake, CYCLE),
        changes={"sales_plan": lambda plan: times(plan, "revenue", 2)},
        checks=False,
    )
    assert "sales_plan" not in changed.ran
    assert not {"strategies", "statistical_forecast", "actuals"} & set(changed.ran)
    assert {"financial_plan", "key_figures", "operational_plan"} <= set(changed.ran)
    assert pc.sum(changed["sales_plan"]["revenue"]) == pc.sum(times(planned["sales_plan"], "revenue", 2)["revenue"])
    assert changed["demand_plan"] == planned["demand_plan"]


def test_a_table_that_comes_out_as_it_was_touches_nothing(starter, planned):
    again = steps.run(
        starter.lake, starter.settings, CYCLE, base=planned, changes={"orders": lambda orders: orders}, checks=False
    )
    assert again.ran == ()
    moved = steps.run(
        starter.lake,
        starter.settings,
        CYCLE,
        base=planned,
        changes={"exchange_rates": tables.conform("exchange_rates", [RATE])},
        checks=False,
    )
    assert moved.ran == ("prices_and_costs", "actuals", "bridge")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "change", "rooms", "moved"),
    some(
        [
            ("supply", {"strategy": "chase"}, {"supply", "reconciliation"}, "production_plan"),
            ("finance", {"fixed_cost_month": 5000.0}, {"reconciliation"}, "financial_plan"),
            # the day of the meeting is a setting of the packs, and says which material orders are late
            ("packs", {"families_in_pdf": 1}, {"supply"}, None),
        ],
        3,
    ),
)
def test_other_settings_run_the_rooms_that_read_them_and_give_what_a_whole_run_gives(
    starter, planned, part, change, rooms, moved
):
    company = starter.settings
    company = company.model_copy(update={part: getattr(company, part).model_copy(update=change)})
    quick = steps.run(starter.lake, company, CYCLE, base=steps.published(starter.lake, CYCLE), checks=False)
    room = {step.name: tables.get(step.outputs[0]).step for step in month.STEPS}
    assert {room[name] for name in quick.ran} - {"reconciliation"} == rooms - {"reconciliation"}
    whole = steps.run(starter.lake, company, CYCLE, checks=False)
    assert {name for name in tables.REGISTRY if quick[name] != whole[name]} == set()
    assert moved is None or quick[moved] != planned[moved]


def test_a_failed_check_stops_the_month_and_publishes_nothing(starter, planned):
    before = starter.lake.pointer(CYCLE)
    with pytest.raises(
        steps.CheckFailed,
        match=r"table demand_plan: found .* failed for lag in 115 rows.*; needed check schema to pass",
    ):
        steps.run(
            starter.lake,
            starter.settings,
            CYCLE,
            base=planned,
            changes={"demand_plan": lambda plan: times(plan, "lag", -1)},
            publish=True,
        )
    assert starter.lake.pointer(CYCLE) == before


@pytest.mark.parametrize("asked", [{"until": "demand_plam"}, {"changes": {"demand_plam": lambda table: table}}])
def test_an_unknown_name_is_refused_with_near_ones(starter, asked):
    with pytest.raises(BadInput, match=r"found 'demand_plam'.*demand_plan"):
        steps.run(starter.lake, starter.settings, CYCLE, **asked)


def test_a_cycle_whose_files_were_never_copied_says_so(starter):
    with pytest.raises(BadInput, match="the source files of cycle 2026-08"):
        steps.run(starter.lake, starter.settings, AUGUST)


@soak_alone
@pytest.mark.slow
def test_a_month_is_planned_checked_and_published_without_dagster(starter, planned, tmp_path):
    folder = tmp_path / "company"
    shutil.copytree(starter.path, folder, ignore=shutil.ignore_patterns("cycles", "data/*.parquet", "runs"))
    code = (
        "import sys; from pathlib import Path; from sop_pipeline import steps;"
        "from sop_pipeline.company_folder import CompanyFolder; from sop_pipeline.cycle import Cycle;"
        "company, cycle = CompanyFolder(Path(sys.argv[1])), Cycle.parse('2026-07');"
        "steps.run(company.lake, company.settings, cycle, publish=True);"
        "assert 'dagster' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, cwd=PROJECT)
    assert CompanyFolder(folder).lake.hashes(CYCLE) == starter.lake.hashes(CYCLE)
