"""The event log: the same events in the same files as Dagster's own, which stay open between them."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from assets import launch
from assets.event_log import EventLog
from sop_pipeline.company_folder import PROJECT


@dg.asset(check_specs=[dg.AssetCheckSpec("holds", asset="ground", blocking=True)])
def ground() -> dg.MaterializeResult:
    """An asset with a check."""
    return dg.MaterializeResult(metadata={"rows": 3}, check_results=[dg.AssetCheckResult(passed=True)])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Dagster home as `sop` makes it."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    return launch.prepare_home()


def test_the_home_has_it_and_dagster_itself_reads_what_it_wrote(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        result = dg.materialize([ground], instance=instance)
        own = SqliteEventLogStorage(str(home / "history" / "runs"))
        stored = own.get_logs_for_run(result.run_id)
        events = [entry.dagster_event for entry in stored if entry.dagster_event is not None]
        assert [event.event_type for event in result.all_events] == [
            event.event_type for event in events if event.event_type in {each.event_type for each in result.all_events}
        ]
        key = dg.AssetKey("ground")
        latest = own.get_latest_materialization_events([key])[key]
        assert latest is not None and latest.run_id == result.run_id
        checks = own.get_asset_check_execution_history(dg.AssetCheckKey(key, "holds"), limit=5)
        assert [check.run_id for check in checks] == [result.run_id]


def test_the_web_ui_hears_of_every_event_while_the_run_goes_on(home: Path) -> None:
    heard: list[str] = []
    arrived = threading.Event()

    def hear(entry: dg.EventLogEntry, _cursor: str) -> None:
        heard.append(entry.message)
        if entry.message.endswith("while it runs"):
            arrived.set()

    @dg.op
    def speak(context: dg.OpExecutionContext) -> None:
        other.watch(context.run_id, None, hear)
        context.log.info("a line while it runs")
        assert arrived.wait(20), heard

    @dg.job
    def watched() -> None:
        speak()

    other = SqliteEventLogStorage(str(home / "history" / "runs"))
    with dg.DagsterInstance.get() as instance:
        assert watched.execute_in_process(instance=instance).success
    other.dispose()


def test_files_of_earlier_runs_are_closed_and_readable(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        runs = [dg.materialize([ground], instance=instance).run_id for _ in range(3)]
        counts = [len(instance.all_logs(run)) for run in runs]
        assert counts[0] == counts[1] == counts[2] > 5
    left = {path.name for path in (home / "history" / "runs").iterdir()}
    assert left == {"index.db", *(f"{run}.db" for run in runs)}


def test_wiped_it_starts_again(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        run = dg.materialize([ground], instance=instance).run_id
        instance.event_log_storage.wipe()
        assert not instance.has_asset_key(dg.AssetKey("ground")) and instance.all_logs(run) == []
        assert dg.materialize([ground], instance=instance).success


def test_another_process_may_write_the_index_in_between(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        dg.materialize([ground], instance=instance)
        other = SqliteEventLogStorage(str(home / "history" / "runs"))
        other.wipe_asset(dg.AssetKey("ground"))
        assert not instance.has_asset_key(dg.AssetKey("ground"))
        dg.materialize([ground], instance=instance)
        assert instance.has_asset_key(dg.AssetKey("ground"))


def test_processes_that_start_together_make_one_home(tmp_path: Path) -> None:
    """Dagster's databases made by several at once are stamped twice, and no process opens them again."""
    code = "from assets.launch import prepare_home; import dagster as dg; prepare_home(); dg.DagsterInstance.get()"
    environment = {**os.environ, "DAGSTER_HOME": str(tmp_path / "home")}
    started = [subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=PROJECT) for _ in range(4)]
    assert [process.wait(120) for process in started] == [0, 0, 0, 0]
    for name in ("history/runs.db", "history/runs/index.db", "schedules/schedules.db"):
        with closing(sqlite3.connect(tmp_path / "home" / name)) as base:
            assert base.execute("select count(*) from alembic_version").fetchall() == [(1,)], name
