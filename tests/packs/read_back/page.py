"""A document as its reader has it: every passage of text with where it stands.

Read with the standard library alone. Not a test.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser

_VOID = {"br", "meta", "link", "input", "col"}


@dataclass
class Place:
    """Where a cell or text stands: page, part, row, column, and the choices that show it.

    ``title_of`` is what the row's name shows when it is pointed at, its key; ``left`` the nearest heading before it
    that names a unit.
    """

    page: str = ""
    title: str = ""
    tables: tuple[str, ...] = ()
    part: str = ""
    note: str = ""
    panel: str = ""
    source: str = ""
    row: str = ""
    beside: tuple[str, ...] = ()
    column: str = ""
    left: str = ""
    group: str = ""
    section: str = ""
    months: tuple[date, ...] = ()
    kind: str = ""
    title_of: tuple[str, ...] = ()


@dataclass
class Passage:
    """Some text and its place."""

    text: str
    at: Place


@dataclass
class _Cell:
    text: str = ""
    title: str = ""
    span: int = 1


@dataclass
class _Table:
    heads: list[list[_Cell]] = field(default_factory=list)
    rows: list[tuple[str, str, list[_Cell]]] = field(default_factory=list)


class Document(HTMLParser):
    """Reads a document into passages: cells of tables, and the texts between them, each whole."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.passages: list[Passage] = []
        self._open: list[str] = []
        self._silent = 0
        self._page, self._title = "", ""
        self._tables: tuple[str, ...] = ()
        self._part = self._note = self._panel = ""
        self._words: list[str] | None = None
        self._kind, self._until = "", 0
        self._table: _Table | None = None
        self._in_head = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kind = given.get("class", "").split()
        if tag == "section":
            self._page, self._tables = given.get("id", ""), tuple(given.get("data-tables", "").split())
            self._part = self._note = self._panel = ""
        if "data-panel" in given:
            self._panel = given["data-panel"]
        if tag in ("script", "style", "svg"):
            self._silent += 1
        if "aria-label" in given and given.get("role") == "img":
            self._say("chart", given["aria-label"])
        if tag not in _VOID:
            self._open.append(tag)
        self._start(tag, kind, given)

    def _start(self, tag: str, kind: list[str], given: dict[str, str]) -> None:
        if tag == "table":
            self._table = _Table()
        elif self._table is not None:
            self._in_table(tag, given)
        elif self._words is None and (tag in ("p", "h1", "h2", "h3", "dd", "dt", "option", "title") or "note" in kind):
            self._words, self._until = [], len(self._open)
            self._kind = " ".join(["note" if "note" in kind else tag, *kind])

    def _in_table(self, tag: str, given: dict[str, str]) -> None:
        assert self._table is not None
        if tag == "thead":
            self._in_head = True
        elif tag == "tr" and self._in_head:
            self._table.heads.append([])
        elif tag == "tr":
            self._table.rows.append((given.get("data-source", ""), given.get("class", ""), []))
        elif tag in ("td", "th"):
            cell = _Cell(title=given.get("title", ""), span=int(given.get("colspan", 1)))
            (self._table.heads[-1] if self._in_head else self._table.rows[-1][2]).append(cell)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._table is not None:
            cells = (self._table.heads or [[]])[-1] if self._in_head else (self._table.rows or [("", "", [])])[-1][2]
            if cells and {"td", "th"} & set(self._open):
                cells[-1].text += f"{' ' if self._open[-1] in ('span', 'p', 'strong') else ''}{data.strip()}"
        elif self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "svg"):
            self._silent -= 1
        if tag == "thead":
            self._in_head = False
        if tag == "table" and self._table is not None:
            self._read_table(self._table)
            self._table = None
        if self._words is not None and len(self._open) == self._until:
            self._end_words(" ".join("".join(self._words).split()))
        while self._open and self._open.pop() != tag:
            pass

    def _end_words(self, text: str) -> None:
        self._words = None
        if self._kind.startswith("h2"):
            self._title = text
        elif self._kind.startswith("h3"):
            self._part, self._note = text, ""
        elif self._kind.startswith(("note", "p value")):
            self._note = text
        self._say(self._kind, text)

    def _say(self, kind: str, text: str) -> None:
        self.passages.append(Passage(text, self._place(kind=kind)))

    def _place(self, **more: object) -> Place:
        place = Place(self._page, self._title, self._tables, self._part, self._note, self._panel)
        for name, value in more.items():
            setattr(place, name, value)
        return place

    def _read_table(self, table: _Table) -> None:
        heads = [_spread(cells) for cells in table.heads]
        names = [cell.text.strip() for cell in heads[-1]] if heads else []
        groups = [cell.text.strip() for cell in heads[0]] if len(heads) > 1 else []
        for cells in table.heads:
            for cell in cells:
                self.passages.append(Passage(cell.text.strip(), self._place(kind="heading")))
        section, months = "", spans(names)
        for source, kind, cells in table.rows:
            spread = _spread(cells)
            words = tuple(text for cell in spread for text in (cell.text.strip(), cell.title) if text)
            if kind == "head":
                section = spread[0].text.strip()
            for at, cell in enumerate(spread):
                column, group = (names[at] if at < len(names) else ""), (groups[at] if at < len(groups) else "")
                place = self._place(
                    kind=f"cell {kind}",
                    source=source,
                    row=spread[0].text.strip(),
                    beside=words,
                    title_of=tuple(cell.title for cell in spread[:2] if cell.title),
                    column=column,
                    group=group,
                    section=section,
                    left=next((name for name in reversed(names[:at]) if re.search("[€%]", name)), ""),
                    months=months[at] if at < len(months) else (),
                )
                self.passages.append(Passage(cell.text.strip(), place))


def _spread(cells: list[_Cell]) -> list[_Cell]:
    return [cell for cell in cells for _ in range(cell.span)]


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTH = re.compile(rf"({'|'.join(_MONTHS)})(?: ’(\d\d)| 20(\d\d))?$")
_QUARTER = re.compile(r"Q([1-4]) ’(\d\d)")


def spans(names: Sequence[str]) -> list[tuple[date, ...]]:
    """The months of each heading: one that names its quarter, or its month, whose year is its neighbours'."""
    out: list[tuple[date, ...]] = []
    found = [_MONTH.match(name) for name in names]
    known = [(at, f"{each[2] or ''}{each[3] or ''}") for at, each in enumerate(found) if each and (each[2] or each[3])]
    for at, (name, each) in enumerate(zip(names, found, strict=True)):
        if quarter := _QUARTER.match(name):
            first = 3 * int(quarter[1]) - 2
            out.append(tuple(date(2000 + int(quarter[2]), first + n, 1) for n in range(3)))
        elif each and known:
            place, year = min(known, key=lambda one: abs(one[0] - at))
            anchor = found[place]
            assert anchor is not None
            count = 12 * (2000 + int(year)) + _MONTHS.index(anchor[1]) + at - place
            out.append((date(count // 12, count % 12 + 1, 1),))
        elif each:
            out.append((date(1, _MONTHS.index(each[1]) + 1, 1),))
        else:
            out.append(())
    return out
