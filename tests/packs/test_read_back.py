"""Every figure that was printed, read back from the files and found in the cycle's tables.

Of the HTML of all six documents: a figure of a table by the source its row states, at its row's keys and its heading's
months; a figure of a sentence, tile, decision or note by a rule of its own (``read_back/said.py``). Of the PDF every
figure: it stands in the HTML of the same document, too. Of the workbook every number of a deliverable, and every one of
a family's sheet whose row names its column; that formulas come to what they show is in ``test_workbook``. Read with the
standard library and openpyxl and added up with pandas; nothing of what made the files is used.

A match by chance is ruled out by the other half of the test: printed some last places off, hardly any figure is found.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pypdf
import pytest

from sop_pipeline.packs.build import Packs
from tests.packs.invented import CYCLE
from tests.packs.read_back import workbook
from tests.packs.read_back.check import Finding, altered, read_back
from tests.packs.read_back.facts import Facts
from tests.packs.read_back.found import in_row
from tests.packs.read_back.ledger import Chosen, Ledger
from tests.thrift import some

pytestmark = pytest.mark.slow

FIGURE = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?%?")
RUNNING = re.compile(r"data to \d+ \w+ \d{4} · .*? · page \d+ of \d+")
"""The line over every page of a PDF."""
LEFT_OUT = re.compile(r"\b\d+ more in the workbook")
"""Paper leaves out more rows than the screen, so it says another number."""
PLAN = Chosen("blended", "base")
SOURCES = {"HTML": 9000, "PDF": 4000, "workbook": 40_000}
"""Figures that there are at least, so that a reader who sees none finds no fault."""


def frame(table: pa.Table) -> pd.DataFrame:
    """A table with its days as dates and its amounts as numbers."""
    cells = {}
    for field in table.schema:
        column = table.column(field.name)
        if pa.types.is_date(field.type):
            cells[field.name] = pd.Series(column.to_pylist(), dtype=object)
        else:
            cells[field.name] = (column.cast(pa.float64()) if pa.types.is_decimal(field.type) else column).to_pandas()
    return pd.DataFrame(cells)


@pytest.fixture(scope="module")
def ledger(tables) -> Ledger:
    return Ledger({name: frame(table) for name, table in tables.items()}, CYCLE.month, PLAN)


def documents(built: Packs, ending: str) -> list[Path]:
    found = [path for path in built.files if path.name.endswith(f"-{CYCLE}{ending}")]
    assert len(found) == 6
    return found


@pytest.fixture(scope="module")
def findings(built, ledger) -> list[Finding]:
    known: dict[object, str] = {}
    facts = Facts(ledger.frames, CYCLE.month, PLAN.strategy)
    return [each for path in documents(built, ".html") for each in read_back(path, ledger, facts, known)]


def told(found: Finding) -> tuple[str, ...]:
    at = found.figure.passage.at
    return at.page, at.part, at.source, at.row, at.column, found.figure.passage.text, found.figure.printed


def test_every_figure_of_the_html_is_in_the_tables(findings):
    assert len(findings) > SOURCES["HTML"]
    assert [told(each) for each in findings if not each.how] == []
    pages = Counter(each.figure.passage.at.page.rstrip("0123456789") for each in findings)
    assert {"one", "gap", "money", "family-", "strategies", "operations", "plant-", "sheet-finance"} <= set(pages)


def test_a_figure_that_were_some_last_places_off_would_not_be_found(findings, ledger):
    some = [each.figure for each in findings if each.figure.passage.at.source and each.how != "defaults_used"][::97]
    tried = [altered(figure, places) for figure, places in zip(some, [3, -2, 7, -5] * len(some), strict=False)]
    by_chance = [figure.printed for figure in tried if in_row(ledger, figure)]
    assert len(tried) > 50
    assert len(by_chance) <= len(tried) / 20


def test_every_figure_of_the_pdf_stands_in_the_html(built):
    """Of the largest documents, and of the other four in a soak."""
    count = 0
    for screen, paper in some(list(zip(documents(built, ".html"), documents(built, ".pdf"), strict=True)), 5):
        page = re.sub(
            r"<script.*?</script>|<style.*?</style>", " ", screen.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        words = " ".join([re.sub(r"<[^>]+>", " ", page), *re.findall(r'(?:aria-label|title)="([^"]*)"', page)])
        there = set(FIGURE.findall(html.unescape(words)))
        text = "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(paper).pages)
        printed = FIGURE.findall(LEFT_OUT.sub(" ", RUNNING.sub(" ", text)))
        assert [each for each in printed if each not in there] == [], paper.name
        count += len(printed)
    assert count > SOURCES["PDF"]


def test_every_number_of_the_workbook_is_in_the_tables(built, ledger):
    (path,) = [path for path in built.files if path.suffix == ".xlsx"]
    families = sorted(ledger.frames["products"]["family"].unique())
    cells = list(workbook.read_back(path, ledger, families))
    assert len(cells) > SOURCES["workbook"]
    assert [cell for cell in cells if not cell[3]] == []
    assert {sheet for sheet, *_ in cells} > {*families, "sales_plan", "operational_plan", "plan_gap", "strategies"}
