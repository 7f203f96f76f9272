"""The month at two sizes: no step's work grows faster than its input.

A company of 200 products and one of 800 are planned step by step in this process. Work is CPU time, which a busy
machine blurs: a step that seems to grow too fast is measured again at both sizes, and its least counts.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
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
from sop_pipeline.validation.profile import profile

SIZES = (200, 800)
STEEPEST = 1.3
LEAST_SECONDS = 0.2
"""CPU of the larger company under which a step is constant costs and noise."""
AGAIN = 3

Work = Callable[[], object]


def month_of(folder: Path, products: int) -> Iterator[tuple[str, Work]]:
    """Each part of the month by name, ready to be done; doing it makes the tables that the next ones read."""
    write_company(folder, products)
    settings = yaml.safe_load((folder / "sop.yaml").read_text())
    settings["supply"] = {"max_products": 100}  # by family at both sizes: a linear programme is no loop
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
        yield step.name, lambda step=step: tables.update(step.make(given))
    yield "profiles", lambda: [profile(name, table, {}) for name, table in tables.items()]
    yield "packs", lambda: make_files(Book(tables, company.settings, cycle))


def cpu(work: Work) -> float:
    """CPU seconds of all threads."""
    before = time.process_time()
    work()
    return time.process_time() - before


def exponent(small: float, large: float, ratio: float = SIZES[1] / SIZES[0]) -> float:
    """Growth exponent of work: 1 is linear."""
    return math.log(large / small) / math.log(ratio)


def steep(small: Iterator[tuple[str, Work]], large: Iterator[tuple[str, Work]]) -> dict[str, str]:
    """Parts whose work grows too fast, and how."""
    found = {}
    for (name, little), (_, much) in zip(small, large, strict=True):
        least, most = cpu(little), cpu(much)
        for _ in range(AGAIN):
            if most < LEAST_SECONDS or exponent(least, most) <= STEEPEST:
                break
            least, most = min(least, cpu(little)), min(most, cpu(much))
        else:
            found[name] = f"{least:.2f} s to {most:.2f} s: {exponent(least, most):.2f}"
    return found


@pytest.mark.slow
def test_no_step_of_the_month_grows_faster_than_its_input(tmp_path: Path) -> None:
    small, large = (month_of(tmp_path / str(size), size) for size in SIZES)
    assert steep(small, large) == {}


def test_work_that_grows_with_the_square_is_found_and_linear_work_is_not() -> None:
    def pairs(count: int) -> Work:
        return lambda: sum(1 for one in range(count) for other in range(count) if one == other)

    def rows(count: int) -> Work:
        return lambda: sum(range(count * 40_000))

    small = iter([("pairs", pairs(1_500)), ("rows", rows(200))])
    large = iter([("pairs", pairs(6_000)), ("rows", rows(800))])
    assert list(steep(small, large)) == ["pairs"]
