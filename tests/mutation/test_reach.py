"""What runs a fault is known by function and statement, and a fork answers, or says that it did not."""

from __future__ import annotations

import time

import pyarrow as pa
import pytest

from sop_pipeline import sql
from sop_pipeline.cycle import Cycle
from tests.mutation.forked import Broken, call
from tests.mutation.mutants import ROOT, Mutant
from tests.mutation.reach import reaches, watched

CYCLE = "sop_pipeline/cycle.py"


def fault(file: str, text: str) -> Mutant:
    """A fault in the first line of a file that has this text."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    line = next(number for number, found in enumerate(lines, start=1) if text in found)
    return Mutant(file, line, "", "", "")


def test_functions_that_ran_are_reached_and_no_others() -> None:
    with watched() as reached:
        Cycle.parse("2026-05").previous()
    assert reaches(reached, fault(CYCLE, "return Cycle(add_months(self.month, -count))"))
    assert not reaches(reached, fault("sop_pipeline/choice.py", "return"))


def test_what_is_done_on_import_counts_for_all_that_import_it() -> None:
    """Cycles tell faults by ``BadInput``; pages use cycles."""
    with watched() as reached:
        Cycle.parse("2026-05")
    assert reaches(reached, fault("sop_pipeline/errors.py", "import"))
    assert not reaches(reached, fault("sop_pipeline/packs/pages/money.py", "import"))


def test_statements_are_reached_by_name() -> None:
    row = {"approach": "a", "level": "l", "item_id": "i", "month": "m", "p10": 1, "p50": 2, "p90": 3}
    forecast = pa.Table.from_pylist([row])
    with watched() as reached:
        sql.query("validation/forecast_quantiles", {"forecast": forecast})
    assert reaches(reached, Mutant("sql/validation/forecast_quantiles.sql", 1, "", "", ""))
    assert not reaches(reached, Mutant("sql/validation/money_foots.sql", 1, "", "", ""))


def test_a_fork_answers() -> None:
    assert call("tests.mutation.rooms:tests_beside", "sql/supply/robustness/x.sql", anew=True, seconds=60)


def test_a_fork_that_fails_or_takes_too_long_is_broken() -> None:
    with pytest.raises(Broken, match="invalid literal"):
        call("builtins:int", "x", anew=False, seconds=60)
    start = time.monotonic()
    with pytest.raises(Broken, match="no answer within 1 s"):
        call("time:sleep", 60, anew=False, seconds=0.1)
    assert time.monotonic() - start < 30


def test_seconds_are_those_of_a_processor() -> None:
    """A fork that is busy is ended by what it used; one that waits as long is not."""
    with pytest.raises(Broken, match="used 1 s of a processor"):
        call("tests.mutation.test_reach:_busy", anew=False, seconds=1)
    assert call("tests.mutation.test_reach:_waits", anew=False, seconds=1)


def _busy() -> None:
    while True:
        pass


def _waits() -> bool:
    time.sleep(1.5)
    return True
