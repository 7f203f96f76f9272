"""Sheets of cells to type into, a line an entry: demand by product, decisions that are put up, assumptions.

Each line is a form; its cells are marked, everything else is locked. Not here: changes of a family by month, which
stand on its own sheet (``input_lines``), or what is read back (``inputs``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sop_pipeline import tables as registry
from sop_pipeline.inputs.form import Form
from sop_pipeline.inputs.meaning import STREAMS
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts.told import decision
from sop_pipeline.packs.workbook.formats import MARKED, Formats
from sop_pipeline.packs.workbook.guarded import LISTS, GuardedFile, GuardedPage, address

DEMAND, DECISIONS, ASSUMPTIONS = "Input demand", "Input decisions", "Input assumptions"
NAMES = (DEMAND, DECISIONS, ASSUMPTIONS)
_PRODUCT_LINES, _NEW_ASSUMPTIONS = 30, 10
_TOP = 4
"""Row (from 0) of the first line; the headings stand above it."""
_LONGEST = 300
_HOW = "Type into the marked cells; the next run of this cycle reads them, each once."


@dataclass(frozen=True)
class _Field:
    """A marked column: the field it fills, heading, width, number format, the values it offers."""

    name: str
    heading: str
    width: float
    format: str = ""
    offers: Sequence[str] | str = ()


_OWNED = (_Field("owner", "Owner", 18), _Field("reason", "Reason", 46))
_AMOUNTS = (
    _Field("change_units", "Change, units a month", 12, "#,##0.##"),
    _Field("change_pct", "Change, %", 10, "#,##0.##"),
    _Field("replace_units", "Override, units a month", 12, "#,##0.##"),
)


def write_inputs(file: GuardedFile, formats: Formats, book: Book) -> None:
    """Add the sheets."""
    for name, write in ((DEMAND, _demand), (DECISIONS, _decisions), (ASSUMPTIONS, _assumptions)):
        if name in dict(told(book)):
            write(file, formats, book)


def told(book: Book) -> list[tuple[str, str]]:
    """The sheets that a book has, with what may be typed into each."""
    sheets = [
        (DEMAND, "changes and overrides of demand by product or family, with owner and reason"),
        (DECISIONS, "what the meeting adopts, rejects or defers, by whom and why"),
        (ASSUMPTIONS, "assumptions as they change, and new ones, with owner and reason"),
    ]
    return [each for each in sheets if each[0] != DECISIONS or book.table("decisions_wanted").num_rows]


def write_lists(file: Any, formats: Formats, book: Book) -> None:
    """Add the hidden sheet of names that the sheet of demand offers: products by identifier, then families."""
    page = file.add_worksheet(LISTS)
    for line, name in enumerate(_items(book)):
        page.write_string(line, 0, name, formats.text)
    page.very_hidden()


def _items(book: Book) -> list[str]:
    return [*registry.texts(book.table("product_lifecycle"), "product_id"), *book.families]


def _demand(file: GuardedFile, formats: Formats, book: Book) -> None:
    count = len(_items(book))
    fields = (
        _Field("item", "Product (identifier or name) or family", 34, offers=f"={LISTS}!$A$1:$A${count}"),
        _Field("stream", "Stream", 11, offers=STREAMS),
        _Field("month_from", "From, YYYY-MM", 11, "yyyy-mm"),
        _Field("month_to", "To, YYYY-MM", 11, "yyyy-mm"),
        *_AMOUNTS,
    )
    page = _page(file, formats, DEMAND, "Demand: changes by product or family", (), (*fields, *_OWNED))
    for number in range(_PRODUCT_LINES):
        cells = _marked(page, formats, _TOP + number, 0, (*fields, *_OWNED))
        file.forms.append(Form(f"demand/{number + 1}", "demand", DEMAND, *_split(cells, {"stream"})))
    _finish(page, len(fields) + len(_OWNED), _PRODUCT_LINES)


def _decisions(file: GuardedFile, formats: Formats, book: Book) -> None:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for option in registry.rows(book.table("decisions_wanted")):
        grouped.setdefault(option["decision_id"], []).append(option)
    heads = (("Decision", 24.0), ("Question", 50.0), ("Options", 60.0))
    fields = (_Field("option", "Adopted: letter, or reject, or defer", 16), *_OWNED)
    page = _page(file, formats, DECISIONS, "Decisions of the meeting", heads, fields)
    for number, (name, options) in enumerate(grouped.items()):
        row, words = _TOP + number, decision(book, options)
        letters = [option["option"] for option in options]
        said = " · ".join(f"{letter}: {words.options[letter]}" for letter in letters)
        for at, text in enumerate((name, words.question, said)):
            page.write_string(row, at, text[:_LONGEST], formats.look(text_wrap=True, valign="top"))
        offered = (_Field("option", fields[0].heading, 16, offers=[*letters, "reject", "defer"]), *_OWNED)
        cells = _marked(page, formats, row, len(heads), offered)
        form = Form(f"decision/{name}", "decision", DECISIONS, cells, fixed={"decision_id": name})
        file.forms.append(form)
    _finish(page, len(heads) + len(fields), len(grouped))


def _assumptions(file: GuardedFile, formats: Formats, book: Book) -> None:
    known = registry.rows(book.table("assumptions"))
    heads = (("Assumption", 18.0), ("As it stands", 50.0))
    fields = (
        _Field("text", "In words", 40),
        _Field("value", "Value", 14),
        _Field("driver", "Moves", 10, offers=("price", "pay", "material")),
        _Field("subject", "Of: identifier, blank for all", 18),
        _Field("month_from", "From, YYYY-MM", 11, "yyyy-mm"),
        _Field("change_pct", "By, %", 9, "#,##0.##"),
        *_OWNED,
    )
    page = _page(file, formats, ASSUMPTIONS, "Assumptions", heads, fields)
    new = [f"{book.cycle}-{number}" for number in range(1, _NEW_ASSUMPTIONS + 1)]
    stands = {each["assumption_id"]: _stands(each) for each in known}
    for number, name in enumerate([*stands, *(each for each in new if each not in stands)]):
        row = _TOP + number
        for at, text in enumerate((name, stands.get(name, "(new)"))):
            page.write_string(row, at, text[:_LONGEST], formats.look(text_wrap=True, valign="top"))
        cells = _marked(page, formats, row, len(heads), fields)
        fixed = {"assumption_id": name, **({"known": "yes"} if name in stands else {})}
        file.forms.append(Form(f"assumption/{name}", "assumption", ASSUMPTIONS, cells, fixed=fixed))
    _finish(page, len(heads) + len(fields), len({*stands, *new}))


def _stands(row: dict[str, Any]) -> str:
    """An assumption as the cycle has it: words, value, owner."""
    return " · ".join(text for text in (row["text"], row["value"], row["owner"]) if text)


def _page(
    file: GuardedFile,
    formats: Formats,
    name: str,
    title: str,
    heads: Sequence[tuple[str, float]],
    fields: Sequence[_Field],
) -> GuardedPage:
    page = file.add_worksheet(name)
    page.hide_gridlines(2)
    page.write_string(0, 0, title, formats.title)
    page.write_string(1, 0, _HOW, formats.quiet)
    for at, (heading, width) in enumerate([*heads, *((each.heading, each.width) for each in fields)]):
        page.write_string(_TOP - 1, at, heading, formats.head)
        page.set_column(at, at, width)
    return page


def _marked(page: GuardedPage, formats: Formats, row: int, first: int, fields: Sequence[_Field]) -> dict[str, str]:
    """Marked cells of a line: each field with its address."""
    cells = {}
    for at, each in enumerate(fields, first):
        text = STREAMS[0] if each.name == "stream" else ""
        look = formats.look(text_wrap=each.name in ("reason", "text"), num_format=each.format or "General", **MARKED)
        cells[each.name] = page.write_marked(row, at, look, text)
        if each.offers:
            source = each.offers if isinstance(each.offers, str) else list(each.offers)
            lenient = {"error_type": "information"} if isinstance(each.offers, str) else {}
            page.data_validation(address(row, at), {"validate": "list", "source": source, **lenient})
    return cells


def _split(cells: dict[str, str], shared: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The cells that say something alone, and those that do not."""
    return (
        {name: place for name, place in cells.items() if name not in shared},
        {name: place for name, place in cells.items() if name in shared},
    )


def _finish(page: GuardedPage, columns: int, lines: int) -> None:
    page.freeze_panes(_TOP, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_TOP - 1)
    page.print_area(0, 0, _TOP + max(lines, 1), columns - 1)
    page.set_footer("&L&F&C&A&R&P of &N")
