"""The planner's book: formulas come to the figures of the tables, by a reckoner that knows no table, and by hand."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pypdf
import pytest

from sop_pipeline import tables as registry
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.workbook.file import workbook
from sop_pipeline.packs.workbook.names import letters, sheet_names
from sop_pipeline.packs.workbook.table_sheet import rows_on_paper
from tests.packs.invented import CYCLE, company

GRIDS = ("Company", "Snacks", "Cereals")
_CELL = re.compile(r"(?:'((?:[^']|'')+)'!)?\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")

_GIVEN = re.compile(r"IF\(ISNUMBER\((\w+)\),(\w+),(\w+)\)")


@pytest.fixture(scope="module")
def written(book: Book) -> bytes:
    return workbook(book)


@pytest.fixture(scope="module")
def formulas(written: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written))


@pytest.fixture(scope="module")
def shown(written: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written), data_only=True)


def reckon(book: openpyxl.Workbook, sheet: str, cell: str) -> float:
    """What a cell comes to: sums, differences and quotients of cells, followed down to figures."""
    value = book[sheet][cell].value
    if not isinstance(value, str):
        return float(value or 0)
    assert value.startswith("=")

    def found(match: re.Match[str]) -> str:
        other, first, top, last, bottom = match.groups()
        place = (other or sheet).replace("''", "'")
        if last is None:
            return f"({reckon(book, place, first + top)!r})"
        cells = [cell.coordinate for row in book[place][f"{first}{top}:{last}{bottom}"] for cell in row]
        return "(" + "+".join(repr(reckon(book, place, each)) for each in cells) + ")"

    def chosen(match: re.Match[str]) -> str:
        return match[2] if book[sheet][match[1]].value is not None else match[3]

    words = _CELL.sub(found, _GIVEN.sub(chosen, value[1:])).replace("SUM", "")
    assert re.fullmatch(r"[0-9eE+\-*/(). ]+", words), words
    return float(eval(words))  # digits and operators alone, as asserted


def line(book: openpyxl.Workbook, sheet: str, name: str, number: int = 0) -> int:
    """The row of the line of a name, the ``number``-th of that name from above."""
    rows = [row for row in range(1, 80) if book[sheet].cell(row, 1).value == name]
    return rows[number]


def month_column(book: openpyxl.Workbook, sheet: str, month: date) -> int:
    heads = {cell.value.date(): cell.column for cell in book[sheet][4] if hasattr(cell.value, "date")}
    return heads[month]


def test_every_formula_comes_to_the_figure_it_shows(formulas, shown) -> None:
    counted = 0
    for sheet in formulas.sheetnames:
        for row in formulas[sheet].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    counted += 1
                    told = shown[sheet][cell.coordinate].value
                    assert reckon(formulas, sheet, cell.coordinate) == pytest.approx(told, rel=1e-9, abs=1e-6)
    assert counted > 500


def test_stock_rolls_from_month_to_month_by_formula(formulas, shown, book: Book) -> None:
    """A month ahead is a formula of what stood before, was made and was sold, and comes to the inventory plan."""
    plan = [row for row in registry.rows(book.table("inventory_plan")) if row["family"] == "Snacks"]
    row = line(formulas, "Snacks", "Plan", 2)
    for month in book.horizon:
        at = month_column(formulas, "Snacks", month)
        assert formulas["Snacks"].cell(row, at).data_type == "f", month
        wanted = float(sum(each["inventory"] for each in plan if each["month"] == month))
        assert shown["Snacks"].cell(row, at).value == pytest.approx(wanted, abs=1e-3)


def test_what_is_typed_into_a_plan_moves_what_follows(formulas) -> None:
    """A hundred fewer sold in the second month stand in stock from then on: the book is one to plan in."""
    sales, stock = line(formulas, "Snacks", "Plan", 0), line(formulas, "Snacks", "Plan", 2)
    second = month_column(formulas, "Snacks", CYCLE.month) + 1
    cell, last = formulas["Snacks"].cell(sales, second), f"{letters(second + 8)}{stock}"
    before = reckon(formulas, "Snacks", last)
    cell.value = float(cell.value) - 100
    try:
        assert reckon(formulas, "Snacks", last) == pytest.approx(before + 100)
    finally:
        cell.value += 100


def test_the_company_adds_its_families_up(formulas, shown, book: Book) -> None:
    money = registry.rows(book.table("financial_plan"))
    row, at = line(shown, "Company", "Revenue"), month_column(shown, "Company", CYCLE.month)
    wanted = float(sum(each["revenue"] for each in money if each["month"] == CYCLE.month))
    assert shown["Company"].cell(row, at).value == pytest.approx(wanted)
    assert formulas["Company"].cell(row, at).value.startswith("=SUM(")
    assert re.match(r"='Snacks'!|='Cereals'!", formulas["Company"].cell(row - 1, at).value)


def test_a_grid_is_frozen_prints_on_two_pages_and_has_charts(formulas, written: bytes, book: Book) -> None:
    for name in GRIDS:
        sheet = formulas[name]
        assert sheet.freeze_panes == "B5"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 2)
        assert sheet.print_area
    drawn = [name for name in zipfile.ZipFile(io.BytesIO(written)).namelist() if name.startswith("xl/charts/chart")]
    assert len(drawn) == 2 * (1 + len(book.families))


def test_units_and_margin_of_the_next_year_are_sums(formulas, shown, book: Book) -> None:
    last = month_column(formulas, "Snacks", book.horizon[-1]) + 1
    row = line(formulas, "Snacks", "Gross margin")
    assert formulas["Snacks"].cell(4, last).value == "next 12 months"
    plan = registry.rows(book.table("financial_plan"))
    wanted = sum(each["margin"] for each in plan if each["family"] == "Snacks" and each["month"] in book.horizon[:12])
    assert shown["Snacks"].cell(row, last).value == pytest.approx(float(wanted))


def test_sheets_have_names_that_a_spreadsheet_takes() -> None:
    awkward = ["a/b", "A:B", "'quoted'", "x" * 40, "x" * 45, "History", "", "[1]*?", "Company", "company "]
    names = sheet_names(awkward, ["Company"])
    assert len({name.lower() for name in names.values()}) == len(awkward)
    for name in names.values():
        assert 0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") and name.strip("'") == name
        assert name.lower() not in ("history", "company")
    assert names["x" * 45] == f"{'x' * 29} 2"


def test_a_family_of_an_awkward_name_keeps_its_formulas(tables) -> None:
    """Names with quotes, braces and what forbids a sheet's name: the company's sheet still finds its family."""
    awkward = "Ol' {at} [best]: 50%"
    changed = {
        name: registry.conform(
            name, [{**row, "family": awkward} if row.get("family") == "Snacks" else row for row in rows]
        )
        for name, table in tables.items()
        if (rows := registry.rows(table)) and "family" in rows[0]
    }
    made = openpyxl.load_workbook(io.BytesIO(workbook(Book({**tables, **changed}, company(), CYCLE))))
    row, at = line(made, "Company", awkward), month_column(made, "Company", CYCLE.month)
    assert made["Company"].cell(row, at).value.startswith("='Ol'' {at} best 50%'!")


def test_a_company_without_money_or_plan_has_a_book_too(bare_book: Book) -> None:
    undecided = {**bare_book.tables, "decisions_wanted": registry.empty("decisions_wanted")}
    made = openpyxl.load_workbook(io.BytesIO(workbook(Book(undecided, company(), CYCLE))))
    assert made.sheetnames[0] == "Contents" and "Company" in made.sheetnames
    assert [name for name in bare_book.families if name in made.sheetnames] == bare_book.families


def test_libreoffice_comes_to_the_same_figures(written: bytes, shown, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice on PATH (Debian: libreoffice-calc)")
    source = tmp_path / "in" / "book.xlsx"
    source.parent.mkdir()
    source.write_bytes(written)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    again = openpyxl.load_workbook(tmp_path / "book.xlsx", data_only=True)
    for name in GRIDS:
        for row in shown[name].iter_rows(min_row=5):
            for cell in row:
                if isinstance(cell.value, float):
                    assert again[name][cell.coordinate].value == pytest.approx(cell.value, rel=1e-9, abs=1e-6)


@pytest.mark.slow
def test_every_sheet_prints_on_at_most_three_pages(written: bytes, formulas, tmp_path: Path) -> None:
    """LibreOffice prints the book as PDF; the foot of each page names its sheet and how far it is."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice on PATH (Debian: libreoffice-calc)")
    (tmp_path / "book.xlsx").write_bytes(written)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    command.append(str(tmp_path / "book.xlsx"))
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    pages = ["".join(page.extract_text().split()) for page in pypdf.PdfReader(tmp_path / "book.pdf").pages]
    shown = [sheet.title for sheet in formulas if sheet.sheet_state == "visible"]
    count = {name: sum(f"book.xlsx{''.join(name.split())}" in page for page in pages) for name in shown}
    assert sum(count.values()) == len(pages)
    assert {name: pages for name, pages in count.items() if not 1 <= pages <= 3} == {}
    long = formulas["sales_plan"]
    assert long.max_row > 300 and "rows; all of them in the sheet" in long.oddHeader.right.text


@pytest.mark.parametrize(("width", "least", "most"), [(60, 80, 90), (400, 260, 290)])
def test_rows_that_are_printed_grow_as_a_wide_sheet_shrinks(width: int, least: int, most: int) -> None:
    assert least <= rows_on_paper(width) <= most
