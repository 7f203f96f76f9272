"""How cells of the workbook look: one font, numbers as units are traded, negative in brackets."""

from __future__ import annotations

from typing import Any

from sop_pipeline.tables.schema import Column, Kind

FONT = {"font_name": "Source Sans Pro", "font_size": 10}
QUIET, RULE, PAST = "#66727f", "#d5dbe1", "#f1f3f6"
MARKED = {"bg_color": "#fff3c4", "border": 1, "border_color": "#d9b95a", "locked": False}
"""A cell that may be typed into."""

_NUMBER = "#,##0{places};(#,##0{places});0"
_PLACES = {Kind.QUANTITY: ".0", Kind.MONEY: ".00", Kind.RATE: ".00##", Kind.FIGURE: ".00##", Kind.COUNT: ""}
WHOLE, TENTH, SHARE = _NUMBER.format(places=""), _NUMBER.format(places=".0"), "0.0%;(0.0%);0.0%"


class Formats:
    """Cell formats, each added to the file once."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._known: dict[tuple[tuple[str, object], ...], Any] = {}
        self.head = self.look(bold=True, bottom=1, text_wrap=True, valign="top")
        self.title = self.look(bold=True, font_size=14)
        self.quiet = self.look(font_color=QUIET)
        self.text = self.look()

    def look(self, **properties: object) -> Any:
        """The format with these properties beside the font."""
        key = tuple(sorted(properties.items()))
        if key not in self._known:
            self._known[key] = self._file.add_format({**FONT, **properties})
        return self._known[key]

    def of(self, column: Column) -> Any:
        """The format of a table's column."""
        code = _code(column)
        return self.look(num_format=code) if code else self.text


def _code(column: Column) -> str:
    if column.kind is Kind.MONTH:
        return "yyyy-mm"
    if column.kind is Kind.DATE:
        return "yyyy-mm-dd"
    if column.kind is Kind.RATE and column.unit == "share":
        return SHARE
    places = _PLACES.get(column.kind)
    return "" if places is None else _NUMBER.format(places=places)
