"""The tests beside a file: what is run when the audit of a company's month has seen nothing of a fault in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.mutants import ROOT
from tests.mutation.reach import Reached, watched

TESTS = {
    "sql/reconciliation": ("tests/reconciliation",),
    "sop_pipeline/reconciliation": ("tests/reconciliation",),
    "sql/demand": ("tests/demand/planning", "tests/demand/forecast/test_models_sql.py"),
    "sql/demand/forecast": ("tests/demand/planning", "tests/demand/forecast/test_ranges.py"),
    "sop_pipeline/demand": ("tests/demand/planning",),
    "sql/supply": ("tests/supply/problem", "tests/supply/requirements", "tests/supply/schedule"),
    "sql/supply/robustness": ("tests/supply/robustness", "tests/supply/paths"),
    "sop_pipeline/supply/problem": ("tests/supply/problem", "tests/supply/requirements"),
    "sop_pipeline/supply/schedule": ("tests/supply/schedule",),
    "sop_pipeline/supply/strategies": (
        *("tests/supply/strategies/test_strategies.py", "tests/supply/strategies/test_compare.py"),
        *("tests/supply/strategies/test_limit_options.py", "tests/supply/strategies/test_price_ranges.py"),
        "tests/supply/oracles/test_published_cases.py",
    ),
}
NOTHING_QUICK = 5
QUICK = ("-q", "-p", "no:cacheprovider", "-m", "not slow")


def tests_beside(file: str) -> list[str]:
    """The files of tests of the room a file lies in, by the longest folder listed; those that name it come first."""
    rooms = [room for room in TESTS if file.startswith(f"{room}/")]
    listed = TESTS[max(rooms, key=len)] if rooms else ()
    found = [ROOT / name for name in listed]
    files = [path for place in found for path in ([place] if place.is_file() else sorted(place.rglob("test_*.py")))]
    stem = Path(file).stem
    files.sort(key=lambda path: -path.name.count(stem) * 100 - path.read_text(encoding="utf-8").count(stem))
    return [str(path.relative_to(ROOT)) for path in files]


def tried(file: str) -> tuple[str, Reached]:
    """The first test of a file that fails, or nothing, and what its tests reach of the code."""
    noted = _FirstFailure()
    with watched() as reached:
        returned = pytest.main([*QUICK, "-x", file], plugins=[noted])
    return noted.name or (f"pytest returned {int(returned)}" if returned not in (0, NOTHING_QUICK) else ""), reached


class _FirstFailure:
    """A plugin that keeps the name of the test that fails."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid
