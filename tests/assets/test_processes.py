"""Steps in processes of their own: the same tables, one writer, and none that outlives its run."""

import shutil
import subprocess
import sys

import dagster as dg
import pytest

from assets.definitions import build_defs
from assets.launch import prepare_home, write_location
from assets.launcher import note_process, other_process
from assets.resources import CompanyResource
from assets.runs import Wanted, run_here
from sop_pipeline.cycle import Cycle
from sop_pipeline.steps.month import LINEAGE, STEPS
from tests.thrift import soak_alone

FIRST = "2026-07"
FEW = ["order_book", "plan_attainment"]
"""Steps that may work at the same time."""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    return prepare_home()


def in_processes(planned, folder, home, wanted):
    """Plan a company again that was planned in one process, now in two at once; return its tables' entries."""
    shutil.copytree(planned[0].folder, folder)
    settings = folder / "sop.yaml"
    settings.write_text(settings.read_text().replace("  processes: 1 ", "  processes: 2 "))
    company = CompanyResource(folder=str(folder))
    assert company.operation.processes == 2
    with dg.DagsterInstance.get() as instance:
        code = write_location(home, company.company_folder)
        result = run_here(code, company, FIRST, instance, Wanted(assets=wanted, fresh=True))
        assert result.success, [event.message for event in result.all_events if event.is_step_failure]
        began = {
            event.step_key: event.engine_event_data.metadata["pid"].value
            for event in result.all_events
            if event.event_type_value == "STEP_WORKER_STARTED"
        }
    return began, company.lake.pointer(Cycle.parse(FIRST))["tables"]


def are_made_again(planned, folder, home, wanted, tables):
    """Each table was made by the new run, in a process of its step's own, and says what it said."""
    began, entries = in_processes(planned, folder, home, wanted)
    assert len(set(began.values())) == len(began)
    before = planned[0].lake.pointer(Cycle.parse(FIRST))["tables"]
    assert {name: entries[name]["content_sha256"] for name in before} == planned[0].hashes(FIRST)
    assert {name for name in before if entries[name]["run"] != before[name]["run"]} == set(tables)
    return began


@pytest.mark.slow
def test_a_part_of_a_month_in_two_processes_says_the_same(planned, tmp_path, home):
    tables = [table for step in STEPS if step.name in FEW for table in step.outputs]
    began = are_made_again(planned, tmp_path / "again", home, frozenset([*tables, "published_cycle"]), tables)
    assert set(began) == {*FEW, "published_cycle", "calendar"}


@soak_alone
@pytest.mark.slow
def test_a_whole_month_in_two_processes_says_the_same(planned, tmp_path, home):
    began = are_made_again(planned, tmp_path / "again", home, frozenset(), LINEAGE)
    assert set(began) == {*(step.name for step in STEPS), "published_cycle", "meeting_packs"}


def test_one_process_is_the_default_and_more_are_a_setting(starter):
    def executor():
        return build_defs(company=CompanyResource(folder=str(starter.folder))).executor

    assert executor().name == "in_process"
    settings = starter.folder / "sop.yaml"
    settings.write_text(settings.read_text().replace("  processes: 1 ", "  processes: 2 "))
    assert executor().name == "processes"


def test_a_run_has_another_process_only_while_that_lives():
    waits = subprocess.Popen([sys.executable, "-c", _NOTED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert waits.stdout
    noted = waits.stdout.readline().strip()

    @dg.job
    def nothing():
        pass

    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(nothing)
        assert other_process(instance, run) is None
        instance.add_run_tags(run.run_id, {"sop/process": f"{run.run_id} {noted}"})
        assert other_process(instance, run) == noted
        waits.kill()
        waits.wait()
        assert other_process(instance, run) is None
        note_process(instance, run)
        assert other_process(instance, run) is None


_NOTED = "import sys; from sop_pipeline.process import identity; print(identity(), flush=True); sys.stdin.read()"


def test_a_step_s_process_ends_with_its_run_s_however_that_died():
    run = subprocess.Popen([sys.executable, "-c", _NOTED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert run.stdout
    works = f"import time; from sop_pipeline.process import end_with; end_with({run.stdout.readline().strip()!r})"
    step = subprocess.Popen([sys.executable, "-c", f"{works}; print(1, flush=True); time.sleep(60)"], stdout=-1)
    assert step.stdout and step.stdout.readline() == b"1\n"
    assert step.poll() is None
    run.kill()
    run.wait()
    assert step.wait(10) == 1
