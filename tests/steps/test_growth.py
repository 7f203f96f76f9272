"""The month at two sizes: no step's work grows faster than its input.

A company of 200 products and one of 800 are planned step by step in this process, and one of 20, whose work is what a
step costs at any size. Work is CPU time, which a busy machine blurs: a step that seems to grow too fast is measured
again at every size, and its least counts.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from bench.month_company import CYCLE, write_company
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

SIZES = (20, 200, 800)
STEEPEST = 1.3
LEAST_SECONDS, NOISE = 0.15, 0.01
"""CPU that the largest company takes more than the smallest, under which a step is noise; and what the clock blurs."""
AGAIN = 3

Work = Callable[[], object]


def month_of(folder: Path, products: int) -> Iterator[tuple[str, Work]]:
    """Each part of the month by name, ready to be done; doing it makes the tables that the next ones read."""
    write_company(folder, products)
    settings = yaml.safe_load((folder / "sop.yaml").read_text())
    settings["supply"] = {"max_products": 10}  # by family at every size: a linear programme is no loop
    settings["packs"] = {"formats": ["html", "xlsx", "csv"]}
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


def cpu(work: Work) -> float:
    """CPU seconds of all threads."""
    before = time.process_time()
    work()
    return time.process_time() - before


def exponent(work: Sequence[float]) -> float:
    """Growth exponent of the work above that of the smallest size: 1 is linear."""
    few, some, many = SIZES
    least, less, most = work
    if most - least < LEAST_SECONDS:
        return 0.0
    return math.log((most - least) / max(less - least, NOISE)) / math.log((many - few) / (some - few))


def steep(*companies: Iterator[tuple[str, Work]]) -> dict[str, str]:
    """Parts whose work grows too fast, and how; the same parts of companies of ``SIZES`` products."""
    found = {}
    for parts in zip(*companies, strict=True):
        works = [cpu(work) for _, work in parts]
        for _ in range(AGAIN):
            if exponent(works) <= STEEPEST:
                break
            works = [min(before, cpu(work)) for before, (_, work) in zip(works, parts, strict=True)]
        if exponent(works) > STEEPEST:
            seconds = ", ".join(f"{work:.2f} s" for work in works)
            found[parts[0][0]] = f"{seconds}: {exponent(works):.2f}"
    return found


@pytest.mark.slow
def test_no_step_of_the_month_grows_faster_than_its_input(tmp_path: Path) -> None:
    assert steep(*(month_of(tmp_path / str(size), size) for size in SIZES)) == {}


def test_work_that_grows_with_the_square_is_found_and_linear_work_is_not() -> None:
    def pairs(count: int) -> Work:
        return lambda: sum(1 for one in range(count) for other in range(count) if one == other)

    def rows(count: int) -> Work:
        return lambda: sum(range(count * 40_000))

    assert list(steep(*(iter([("pairs", pairs(8 * size)), ("rows", rows(size))]) for size in SIZES))) == ["pairs"]
