"""The month at two sizes: no step's work grows faster than its input.

Companies of 100 and of 300 products are planned step by step in this process, and one of 20, whose work is what a step
costs at any size. Work is counted, not timed, so that a busy machine changes nothing: calls of Python and of C that
the interpreter makes, and rows that pass through the operators of DuckDB. What neither counts (one call of numpy over
every pair) ``bench/bench_month.py`` times.
"""

from __future__ import annotations

import cProfile
import functools
import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from bench.month_company import CYCLE, write_company
from sop_pipeline import sql
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import snapshot
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.build import make_files
from sop_pipeline.past import Earlier
from sop_pipeline.steps import month
from sop_pipeline.steps.signature import Given
from sop_pipeline.steps.step import Step
from sop_pipeline.validation.profile import profile

SIZES = (20, 100, 300)
STEEPEST = 1.3
LEAST = 20_000
"""Calls and rows that the largest company takes more than the smallest, under which a step is of no weight."""

Work = Callable[[], object]


class Counted:
    """A connection of DuckDB that counts the rows passing through the operators of its statements."""

    rows = 0

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        connection.execute("pragma enable_profiling = 'no_output'")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def __enter__(self) -> Counted:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def cursor(self) -> Counted:
        return Counted(self._connection.cursor())

    def execute(self, *statement: Any) -> Counted:
        self._connection.execute(*statement)
        self._count()
        return self

    def to_arrow_table(self) -> pa.Table:
        table = self._connection.to_arrow_table()
        self._count()
        return table

    def _count(self) -> None:
        """Take what the last statement has counted; one whose rows are still to be fetched has counted nothing yet."""
        profiled = self._connection.get_profiling_information()
        Counted.rows += json.loads(profiled).get("cumulative_cardinality", 0) if profiled else 0


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count the rows of every statement of the project."""
    connect = sql._connect
    monkeypatch.setattr(sql, "_connect", lambda threads: Counted(connect(threads)))
    monkeypatch.setattr(sql, "_shared", functools.cache(lambda threads: Counted(connect(threads))))


def month_of(folder: Path, products: int) -> Iterator[tuple[str, Work]]:
    """Each part of the month by name, ready to be done; doing it makes the tables that the next ones read."""
    write_company(folder, products)
    settings = yaml.safe_load((folder / "sop.yaml").read_text())
    settings["supply"] = {"max_products": 10}  # by family at every size: a linear programme is no loop
    settings["packs"] = {"documents": ["executive_pack"], "formats": ["html"]}
    (folder / "sop.yaml").write_text(yaml.safe_dump(settings))
    company, cycle = CompanyFolder(folder), Cycle.parse(CYCLE)
    tables: dict[str, pa.Table] = {}
    earlier = Earlier(company.lake, company.lake.manifest(cycle, month.EARLIER))
    given = Given(
        tables,
        company.settings,
        cycle,
        earlier,
        lambda: snapshot(company.settings, folder, cycle, company.lake),
    )
    for step in month.STEPS:
        yield step.name, functools.partial(_make, step, given, tables)
    yield "profiles", lambda: [profile(name, table, {}) for name, table in tables.items()]
    yield "packs", lambda: make_files(Book(tables, company.settings, cycle))


def _make(step: Step, given: Given, tables: dict[str, pa.Table]) -> None:
    tables.update(step.make(given))


def amount(work: Work) -> int:
    """Calls that the interpreter makes, and rows that pass through operators of DuckDB."""
    rows, profiled = Counted.rows, cProfile.Profile()
    profiled.runcall(work)
    return Counted.rows - rows + sum(each.callcount for each in profiled.getstats())


def exponent(work: Sequence[float]) -> float:
    """Growth exponent of the work above that of the smallest size: 1 is linear."""
    few, some, many = SIZES
    least, less, most = work
    if most - least < LEAST:
        return 0.0
    return math.log((most - least) / max(less - least, 1)) / math.log((many - few) / (some - few))


def steep(*companies: Iterator[tuple[str, Work]]) -> dict[str, str]:
    """Parts whose work grows too fast, and how; the same parts of companies of ``SIZES`` products."""
    found = {}
    for parts in zip(*companies, strict=True):
        works = [amount(work) for _, work in parts]
        if exponent(works) > STEEPEST:  # what is done once in a process, the smallest company did
            works[0] = amount(parts[0][1])
        if exponent(works) > STEEPEST:
            found[parts[0][0]] = f"{works}: {exponent(works):.2f}"
    return found


@pytest.mark.slow
@pytest.mark.usefixtures("counted")
def test_no_step_of_the_month_grows_faster_than_its_input(tmp_path: Path) -> None:
    assert steep(*(month_of(tmp_path / str(size), size) for size in SIZES)) == {}


@pytest.mark.usefixtures("counted")
def test_work_that_grows_with_the_square_is_found_and_linear_work_is_not() -> None:
    def pairs(count: int) -> Work:
        return lambda: [abs(one - other) for one in range(count) for other in range(count)]

    def joined(count: int) -> Work:
        return lambda: _asked(f"select sum(a.range + b.range) from range({count}) a cross join range({count}) b")

    def rows(count: int) -> Work:
        return lambda: [abs(one) for one in range(count * 400)]

    works = [("pairs", pairs), ("joined", joined), ("rows", rows)]
    assert list(steep(*(iter([(name, work(size)) for name, work in works]) for size in SIZES))) == ["pairs", "joined"]


def _asked(statement: str) -> pa.Table:
    with sql.reading() as connection:
        return connection.execute(statement).to_arrow_table()
