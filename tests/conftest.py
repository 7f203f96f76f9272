"""What all tests share: where the real data is, and an instance that stays inside the test."""

import os
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
