"""Figures that were printed, read back from the files and found in the cycle's tables.

Of the HTML every cell of every family's S&OP grid whose row names one column of one table: it is the sum of that column
over the family's rows of the month, rounded as it is printed, and it stands there if and only if the table has it. Of
the PDF every figure: it stands in the HTML of the same document, too. Read with the standard library and added up with
pandas; nothing of what made the pages is used.
"""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Iterator, Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pypdf
import pytest

from sop_pipeline import tables as registry
from sop_pipeline.packs.build import Packs
from sop_pipeline.packs.documents import EXECUTIVE_PACK
from sop_pipeline.packs.media import fonts, svg
from sop_pipeline.packs.media.html import screen
from sop_pipeline.packs.pages.families import families
from tests.packs.invented import CYCLE

FIGURE = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?%?")
ONE_COLUMN = re.compile(r"(\w+)\.(\w+)")
SCALES = {"": 1.0, "k": 1e3, "m": 1e6}
_SHORT = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
NAMES = {name: number for number, name in enumerate(re.findall(r"[A-Z][a-z]+", _SHORT), start=1)}
OF_THE_CYCLE = ("sales_plan", "inventory_plan", "last_plan")
"""Plans whose rows show, before the cycle, what earlier cycles planned."""
RUNNING = re.compile(r"data to \d+ \w+ \d{4} · .*? · page \d+ of \d+")
"""The line over every page of a PDF."""


@dataclasses.dataclass
class Grid:
    """A table as it is read: the texts of its heading, and of its rows with what they say they are from."""

    family: str
    heading: list[str] = dataclasses.field(default_factory=list)
    rows: list[tuple[str, list[str]]] = dataclasses.field(default_factory=list)


class Grids(HTMLParser):
    """Reads the S&OP grids of a document, each under the title of its family's page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Grid] = []
        self._open: list[str] = []
        self._title, self._is_family, self._is_grid, self._cells = "", False, False, [""]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "section":
            self._is_family = "family" in given.get("class", "").split()
        elif tag == "div" and "listing" in given.get("class", "").split():
            self._is_grid = self._is_family and "sop-grid" in given["class"].split()
            if self._is_grid:
                self.found.append(Grid(self._title))
        elif tag == "h2":
            self._title = ""
        elif tag == "tr":
            self._source, self._cells = given.get("data-source", ""), []
        elif tag in ("td", "th"):
            self._cells.append("")
        self._open.append(tag)

    def handle_data(self, data: str) -> None:
        if "h2" in self._open[-1:]:
            self._title += data
        elif self._open[-1:] in (["td"], ["th"]):
            self._cells[-1] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "tr" and self._is_grid:
            grid = self.found[-1]
            if grid.heading:
                grid.rows.append((self._source, self._cells))
            else:
                grid.heading = self._cells


def months(heading: list[str]) -> list[date]:
    """Months of a heading, which names the year in January alone; one of them is the cycle's."""
    named = [NAMES[text[:3]] for text in heading]
    first = next(at for at, text in enumerate(heading) if "’" in text)
    start = 12 * (2000 + int(heading[first][-2:])) + named[first] - 1 - first
    return [date((start + at) // 12, (start + at) % 12 + 1, 1) for at in range(len(heading))]


def read(printed: str) -> tuple[float, float]:
    """The value of a figure, and half of its last place."""
    bare = printed.strip("()").replace(",", "")
    value = -float(bare) if printed.startswith("(") else float(bare)
    return value, 0.5 / 10 ** len(bare.partition(".")[2])


def sums(frame: pd.DataFrame, family: str, column: str) -> Mapping[date, float]:
    own = frame[(frame["family"] == family) & frame[column].notna()]
    added = own.groupby(own["month"].dt.date)[column].sum()
    return {month: float(value) for month, value in zip(added.index, added, strict=True)}


def compared(grid: Grid, tables: Mapping[str, pa.Table]) -> Iterator[tuple[Any, ...]]:
    """Every cell of the rows that name one column: where it stands, what is printed, and what the table has."""
    scale, over = 1.0, months(grid.heading[1:])
    for source, (name, *cells) in grid.rows:
        if not source:
            scale = SCALES[found[1]] if (found := re.search(r", (?:€?)([km]?)\b", name)) else 1.0
            continue
        one = ONE_COLUMN.fullmatch(source)
        if not one or one[1] not in tables or "family" not in tables[one[1]].column_names:
            continue
        frame = registry.frame(tables[one[1]])
        if frame.empty or not {"month", one[2]} <= set(frame.columns):
            continue
        known = sums(frame, grid.family, one[2])
        for month, printed in zip(over, cells, strict=True):
            if one[1] in OF_THE_CYCLE and month < CYCLE.month:
                continue
            yield grid.family, source, month, printed, known.get(month), scale


def wrong(cell: tuple[Any, ...]) -> bool:
    """Whether a cell prints anything but its table's sum, rounded."""
    *_, printed, known, scale = cell
    if not printed or known is None:
        return bool(printed) or known is not None
    value, half = read(printed)
    return abs(value - known / scale) > half * (1 + 1e-9)


def document(built: Packs, ending: str) -> Path:
    (path,) = [path for path in built.files if path.name == f"executive-pack-{CYCLE}{ending}"]
    return path


@pytest.mark.slow
def test_every_cell_of_a_grid_is_what_its_table_adds_up_to(book, tables, monkeypatch):
    monkeypatch.setattr(fonts, "embedded", lambda _words: {})
    monkeypatch.setattr(svg, "javascript", lambda: "")
    edition = dataclasses.replace(EXECUTIVE_PACK, pages=(families,)).fill(book)
    page = Grids(screen(edition, {figure.key: "" for figure in edition.figures()}).decode())
    cells = [cell for grid in page.found for cell in compared(grid, tables)]
    assert [cell for cell in cells if wrong(cell)] == []
    assert len({family for family, *_ in cells}) == 6
    wanted = {"sales_plan.sales", "actuals.sales", "inventory_plan.inventory", "financial_plan.revenue"}
    assert wanted <= {source for _, source, *_ in cells}
    printed = [cell for cell in cells if cell[3]]
    assert len(printed) > 1000
    for *where, shown, known, scale in printed:
        assert wrong((*where, shown, known + 2.02 * read(shown)[1] * scale, scale)), "one more in the last place"


@pytest.mark.slow
def test_every_figure_of_the_pdf_stands_in_the_html(built):
    page = document(built, ".html").read_text(encoding="utf-8")
    page = re.sub(r"<script.*?</script>|<style.*?</style>", " ", page, flags=re.DOTALL)
    told = " ".join([re.sub(r"<[^>]+>", " ", page), *re.findall(r'(?:aria-label|title)="([^"]*)"', page)])
    there = set(FIGURE.findall(html.unescape(told)))
    words = "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(document(built, ".pdf")).pages)
    figures = FIGURE.findall(RUNNING.sub(" ", words))
    assert len(figures) > 1500
    assert [each for each in figures if each not in there] == []
