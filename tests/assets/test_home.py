"""The Dagster home: made once, by whichever process is first."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sop_pipeline.company_folder import PROJECT


@pytest.mark.slow
def test_a_relative_home_counts_from_where_the_command_starts(tmp_path: Path) -> None:
    code = "import os; from assets.launch import prepare_home; print(prepare_home(), os.environ['DAGSTER_HOME'])"
    environment = {**os.environ, "DAGSTER_HOME": "mine/dagster", "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(tmp_path / "mine" / "dagster")] * 2


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code = "from assets.launch import prepare_home; prepare_home()"
    environment = {**os.environ, "DAGSTER_HOME": str(tmp_path / "file" / "home")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.stderr.splitlines()[-1].startswith(f"sop_pipeline.errors.BadInput: {tmp_path / 'file'}")


@pytest.mark.slow
def test_processes_that_start_together_make_one_home(tmp_path: Path) -> None:
    """Dagster's databases made by several at once are stamped twice, and no process opens them again."""
    code = "from assets.launch import prepare_home; import dagster as dg; prepare_home(); dg.DagsterInstance.get()"
    environment = {**os.environ, "DAGSTER_HOME": str(tmp_path / "home")}
    started = [subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=PROJECT) for _ in range(4)]
    assert [process.wait(120) for process in started] == [0, 0, 0, 0]
    for name in ("history/runs.db", "history/runs/index.db", "schedules/schedules.db"):
        with closing(sqlite3.connect(tmp_path / "home" / name)) as base:
            assert base.execute("select count(*) from alembic_version").fetchall() == [(1,)], name
