"""What all tests share: where the real data is, and an instance that stays inside the test."""

import os
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SOP_BENCHMARK_DATA") or ROOT.parent / "shared" / "data")

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ["GX_ANALYTICS_ENABLED"] = "false"
# the code location takes its oldest cycle from the company in force, which must not be one that lies in this checkout
os.environ["SOP_COMPANY"] = str(ROOT / "companies" / "of-no-test")


@pytest.fixture(scope="session")
def benchmark_data():
    """The folder of real data sets; skips, saying so, where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"real data not found in {DATA}; set SOP_BENCHMARK_DATA to the folder that has it")
    return DATA


SHARED = ("tests/assets/", "tests/packs/", "tests/steps/")
"""Folders whose files share months or packs that take long to make."""
LONGEST = (
    "tests/steps/",
    "tests/test_docs.py",
    "tests/audit/test_audit.py",
    "tests/assets/",
    "tests/faults/test_faults.py",
    "tests/replay/test_backtest.py",
    "tests/packs/",
)
"""What takes minutes of the slow tests, the longest first."""
COUNTED = {"tests/ingest/test_file_shapes.py": "file shapes and values"}
"""Files of tests whose every case is a thing of one kind that the project says it withstands."""


def pytest_terminal_summary(terminalreporter):
    """Print what was withstood, by kind: cases of such files, and what tests counted as ``withstood: KIND``."""
    counts: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        file = report.nodeid.partition("::")[0]
        if report.when == "call" and file in COUNTED:
            counts[COUNTED[file]] += 1
        for name, value in report.user_properties if report.when == "call" else ():
            if name.startswith("withstood: "):
                counts[name.removeprefix("withstood: ")] += value
    if counts:
        terminalreporter.section("withstood, nothing lost")
        for kind, count in sorted(counts.items()):
            terminalreporter.line(f"{count:>6,}  {kind}")


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest, so that no process is left alone with one of them at the end."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(together(item.nodeid), len(place)))


def together(nodeid):
    """What one process runs whole: a file, or a folder of ``SHARED``."""
    return next((folder for folder in SHARED if nodeid.startswith(folder)), nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Under ``--dist loadfile`` one worker runs all of a folder of ``SHARED``."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return together(nodeid)

    return Together(config, log)
