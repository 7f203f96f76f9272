"""The same history gives the same bytes in any locale and time zone, in any order of rows, on one thread or two."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

CHILD = """
import hashlib, locale, random, sys
import pyarrow.parquet as pq
from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.settings import Settings

try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass  # not installed here: the variables still stand for every library that reads them
folder, threads, shuffled = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "shuffled"
history, families = pq.read_table(f"{folder}/history.parquet"), pq.read_table(f"{folder}/families.parquet")
if shuffled:
    order = list(range(history.num_rows))
    random.Random(8).shuffle(order)
    history, families = history.take(order), families.take(list(reversed(range(families.num_rows))))
found = forecast(history, families, Settings(horizon=5), threads=threads)
digest = hashlib.sha256()
for table in (found.forecast, found.backtest, found.accuracy, found.approaches):
    digest.update(repr(table.to_pydict()).encode())
print(digest.hexdigest())
"""


@pytest.fixture(scope="module")
def folder(
    history: Callable, ragged: dict[str, list[float]], families: pa.Table, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("repeatable")
    pq.write_table(history(ragged, end=72), path / "history.parquet")
    pq.write_table(families, path / "families.parquet")
    return path


def digest(folder: Path, zone: str, language: str, threads: int, order: str) -> str:
    """Digest of every table of a forecast made in a process of its own."""
    environment = {**os.environ, "TZ": zone, "LC_ALL": language, "LANG": language}
    asked = [sys.executable, "-c", CHILD, str(folder), str(threads), order]
    return subprocess.run(asked, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def test_neither_zone_nor_language_nor_threads_nor_order_matter(folder: Path) -> None:
    here = digest(folder, "UTC", "C", 2, "as_given")
    assert len(here) == 64
    assert digest(folder, "Pacific/Auckland", "de_DE.UTF-8", 1, "shuffled") == here
    assert digest(folder, "America/St_Johns", "tr_TR.UTF-8", 2, "shuffled") == here
