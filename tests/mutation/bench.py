"""Companies' months without a fault, and what becomes of a fault that is planted in the code beside this file.

That code is a copy (``__main__``): a fault is written into its file, and taken out again. Months, and what tests run of
the code, are kept for the next sample by the code they were made with.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tests.mutation.forked import Broken, call, warm
from tests.mutation.mutants import ROOT, Mutant
from tests.mutation.reach import Reached, reaches
from tests.mutation.rooms import tests_beside
from tests.steps import dairy, mill

JUDGE, ROOMS = "tests.mutation.judge", "tests.mutation.rooms"
LONGEST = 600.0
"""Seconds of a processor after which a fault that keeps the program busy has broken it."""
Made = TypeVar("Made")


class Month(NamedTuple):
    """A company's month without a fault: where, and what each step runs of the code."""

    folder: Path
    cycle: str
    reached: dict[str, Reached]


class Outcome(NamedTuple):
    """``caught`` by the audit, ``in_tests`` of the room, ``missed``, ``no_change``, or ``broke``; and by what."""

    word: str
    by: str


@dataclass
class Bench:
    """What faults are judged with; ``kept`` is a folder for what other samples of the same code can use."""

    kept: Path
    months: list[Month]
    audited: list[dict[str, frozenset[str]]]
    """For each month, the tables that each identity reads."""

    @classmethod
    def set_up(cls) -> Bench:
        """Write the companies and plan their months, or take those of an earlier sample; audit them."""
        warm()
        kept = Path(tempfile.gettempdir()) / f"sop-mutation-{_code()[:16]}"
        kept.mkdir(exist_ok=True)
        months = _once(kept / "months", lambda: list(_planned(kept)))
        return cls(kept, months, [_call(JUDGE, "audited", month.folder, month.cycle) for month in months])

    def outcome(self, mutant: Mutant) -> Outcome:
        """What becomes of a fault: the first who sees it, companies before tests."""
        with _holding(mutant.file, mutant.text):
            try:
                return self._outcome(mutant)
            except Broken as broken:
                return Outcome("broke", str(broken).strip().splitlines()[-1])

    def _outcome(self, mutant: Mutant) -> Outcome:
        found = Outcome("no_change", "")
        for (folder, cycle, steps), audited in zip(self.months, self.audited, strict=True):
            touched = frozenset(name for name, reached in steps.items() if reaches(reached, mutant))
            if not touched:
                continue
            seen = Outcome(*_call(JUDGE, "judged", folder, cycle, audited, touched, of=mutant))
            if seen.word == "caught":
                return seen
            found = seen if seen.word == "missed" else found
        return self._in_tests(mutant) or found if found.word == "missed" else found

    def _in_tests(self, mutant: Mutant) -> Outcome | None:
        """The first test of the room that fails; what a file of tests does not run, it is not tried with again."""
        for file in tests_beside(mutant.file):
            noted = self.kept / f"tests-{_tests_hash(file)}"
            if noted.exists() and not reaches(pickle.loads(noted.read_bytes()), mutant):
                continue
            failed, reached = _call(ROOMS, "tried", file, of=mutant)
            if failed:
                self._must_pass(mutant, file)
                return Outcome("in_tests", failed)
            noted.write_bytes(pickle.dumps(reached))
        return None

    def _must_pass(self, mutant: Mutant, file: str) -> None:
        """Run a file of tests without the fault, once."""
        noted = self.kept / f"sound-{_tests_hash(file)}"
        if not noted.exists():
            with _holding(mutant.file, mutant.right):
                failed, _ = _call(ROOMS, "tried", file)
            if failed:
                raise SystemExit(f"without a fault this test does not pass: {failed}")
            noted.touch()


def _tests_hash(file: str) -> str:
    """What a file of tests is known by: its text, and that of all that tests share."""
    beside = (path for path in (ROOT / "tests").rglob("*.py") if not path.name.startswith("test_"))
    return _hash([ROOT / file, *sorted(beside)])[:16]


def _planned(folder: Path) -> Iterator[Month]:
    """The companies, their months planned."""
    dairy.write(folder / "dairy", supply={"demand_samples": 20}, finance={"opening_cash": 20_000.0})
    mill.write(folder / "mill")
    for name, cycles in (("dairy", (str(dairy.CYCLE),)), ("mill", mill.CYCLES)):
        yield Month(folder / name, cycles[-1], _call(JUDGE, "planned", folder / name, cycles))


def _code() -> str:
    """The hash of what decides the months: code, statements, companies."""
    rooms = ("sop_pipeline", "sql", "tests/steps/dairy.py", "tests/steps/mill.py")
    paths = [path for room in rooms for path in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.*"))]
    return _hash(sorted(path for path in paths if path.suffix in (".py", ".sql", ".toml")))


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def _once(path: Path, make: Callable[[], Made]) -> Made:
    """What is made, or what was made of the same before."""
    if not path.exists():
        path.write_bytes(pickle.dumps(make()))
    return pickle.loads(path.read_bytes())  # type: ignore[no-any-return]


@contextmanager
def _holding(file: str, text: str) -> Iterator[None]:
    """A file with another text for a while; afterwards it is as old as it was, so that its bytecode is still good."""
    path = ROOT / file
    before, times = path.read_text(encoding="utf-8"), path.stat()
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _call(module: str, function: str, *arguments: object, of: Mutant | None = None) -> Any:
    """Call a function of the code with a fault in it, or without one."""
    anew = of is not None and of.file.endswith(".py")
    return call(f"{module}:{function}", *arguments, anew=anew, seconds=LONGEST)
