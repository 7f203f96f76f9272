"""Writes a sheet with months across: heading, blocks of lines with live formulas, a sum of the next year, charts.

Not here: which lines a sheet has (``family_lines``, ``company_lines``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sop_pipeline.cycle import month_text
from sop_pipeline.inputs.meaning import STREAMS
from sop_pipeline.language.names import shortened
from sop_pipeline.packs.workbook.formats import MARKED, PAST, QUIET, SHARE, TENTH, WHOLE, Formats
from sop_pipeline.packs.workbook.guarded import GuardedFile, GuardedPage, address
from sop_pipeline.packs.workbook.lines import Block, Line, Weight, rows_of, shown
from sop_pipeline.packs.workbook.names import letters, quoted

HEADING = 4
"""Row (from 1) of the months; the first block starts below."""

NEXT_YEAR = 12
SHARED = (("stream", "Stream", 11), ("owner", "Owner", 16), ("reason", "Reason", 40))
"""What a line that is typed into says of all its months: field, heading, width; they stand behind the sums."""
_WEIGHTS: dict[Weight, dict[str, Any]] = {"plain": {}, "quiet": {"font_color": QUIET}, "strong": {"bold": True}}
_LABEL, _CHART = 30, {"width": 760, "height": 280}


@dataclass(frozen=True)
class Chart:
    """A native chart of some lines: key of the line, its name in the legend, its colour."""

    title: str
    lines: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class MonthSheet:
    """A sheet before it is written; ``past`` of its months have come, the others are planned."""

    name: str
    title: str
    note: str
    months: Sequence[date]
    past: int
    blocks: Sequence[Block]
    charts: Sequence[Chart] = ()

    def row(self, key: str) -> int | None:
        """The row (from 1) of a line, None where it is not shown."""
        return self.rows.get(key)

    @property
    def rows(self) -> Mapping[str, int]:
        """The row (from 1) of each line that is shown."""
        return rows_of(list(shown(self.blocks)), HEADING + 1)


def column(month: int) -> str:
    """Letters of a month's column."""
    return letters(month + 1)


def write(file: GuardedFile, formats: Formats, sheet: MonthSheet) -> None:
    """Add the sheet to the file."""
    page, rows, count = file.add_worksheet(sheet.name), sheet.rows, len(sheet.months)
    page.hide_gridlines(2)
    page.write_string(0, 0, sheet.title, formats.title)
    page.write_string(1, 0, sheet.note, formats.quiet)
    _headings(page, formats, sheet)
    line = HEADING
    for block in shown(sheet.blocks):
        page.write_string(line, 0, block.title, formats.look(bold=True, top=1))
        for at in range(1, count + 2):
            page.write_blank(line, at, None, formats.look(bold=True, top=1))
        line += 1
        if any(each.typed for each in block.shown):
            _shared_headings(page, formats, line - 1, count + 2)
        for each in block.shown:
            if each.typed is not None:
                _typed_line(file, page, formats, sheet, each)
            else:
                _line(page, formats, sheet, each, rows)
            line += 1
    last = _charts(file, page, sheet, line + 1)
    page.set_column(0, 0, _LABEL)
    page.set_column(1, count, 10)
    page.set_column(count + 1, count + 1, 15)
    page.freeze_panes(HEADING, 1)
    is_typed = any(line.typed for block in sheet.blocks for line in block.shown)
    _printing(page, last, count + 1 + (len(SHARED) if is_typed else 0))


def _headings(page: Any, formats: Formats, sheet: MonthSheet) -> None:
    page.write_string(HEADING - 1, 0, "", formats.head)
    for at, month in enumerate(sheet.months):
        shade = _shade(sheet, at)
        look = formats.look(bold=True, bottom=1, align="right", num_format="mmm yy", **shade)
        page.write_datetime(HEADING - 1, at + 1, month, look)
        basis = "actual" if at < sheet.past else "plan"
        page.write_string(HEADING - 2, at + 1, basis, formats.look(font_color=QUIET, align="right", **shade))
    total = f"next {_ahead(sheet)} months"
    page.write_string(HEADING - 1, len(sheet.months) + 1, total, formats.look(bold=True, bottom=1, align="right"))


def _shade(sheet: MonthSheet, month: int) -> dict[str, Any]:
    """Months that have come lie on a shade."""
    return {"bg_color": PAST} if month < sheet.past else {}


def _ahead(sheet: MonthSheet) -> int:
    return min(NEXT_YEAR, len(sheet.months) - sheet.past)


def _line(page: Any, formats: Formats, sheet: MonthSheet, line: Line, rows: Mapping[str, int]) -> None:
    row = rows[line.key] - 1
    code, weight = _code(line), _WEIGHTS[line.weight]
    page.write_string(row, 0, line.name, formats.look(indent=1, **weight))
    page.write_comment(row, 0, line.source, {"x_scale": 1.6, "author": ""})
    for at, value in enumerate(line.values):
        look = formats.look(num_format=code, **weight, **_shade(sheet, at))
        formula = line.formula(at)
        if value is None:
            page.write_blank(row, at + 1, None, look)
        elif formula is None:
            page.write_number(row, at + 1, value, look)
        else:
            page.write_formula(row, at + 1, _placed(formula, at, rows), look, value)
    ahead = line.values[sheet.past : sheet.past + _ahead(sheet)]
    if line.adds_up and any(value is not None for value in ahead):
        first, end = column(sheet.past), column(sheet.past + _ahead(sheet) - 1)
        look = formats.look(num_format=code, left=1, **weight)
        total = sum(value for value in ahead if value is not None)
        formula = f"=SUM({first}{rows[line.key]}:{end}{rows[line.key]})"
        page.write_formula(row, len(sheet.months) + 1, formula, look, total)


def _shared_headings(page: GuardedPage, formats: Formats, row: int, first: int) -> None:
    for at, (_, heading, width) in enumerate(SHARED, first):
        page.write_string(row, at, heading, formats.look(bold=True, top=1))
        page.set_column(at, at, width)


def _typed_line(file: GuardedFile, page: GuardedPage, formats: Formats, sheet: MonthSheet, line: Line) -> None:
    """A line whose months ahead may be typed into, and stream, owner and reason behind them."""
    assert line.typed is not None
    row = sheet.rows[line.key] - 1
    page.write_string(row, 0, line.name, formats.look(indent=1))
    page.write_comment(row, 0, line.source, {"x_scale": 1.6, "author": ""})
    look = formats.look(num_format="#,##0.##", **MARKED)
    months = {}
    for at, month in enumerate(sheet.months):
        if at >= sheet.past:
            months[month_text(month)] = page.write_marked(row, at + 1, look)
    lowest = {"change_pct": -100, "replace_units": 0}.get(line.typed.measure, -1e13)
    numbers = {"validate": "decimal", "criteria": "between", "minimum": lowest, "maximum": 1e13}
    # a spreadsheet takes 255 characters; the check of a cell with a longer message would be left out
    message = f"{shortened(line.name, 180)}: a number from {lowest:g} on, or nothing."
    told = {"error_title": "A number", "error_message": message}
    page.data_validation(row, sheet.past + 1, row, len(sheet.months), {**numbers, **told})
    first, text = len(sheet.months) + 2, formats.look(**MARKED)
    shared = {
        name: page.write_marked(row, first + at, text, line.typed.stream if name == "stream" else "")
        for at, (name, _, _) in enumerate(SHARED)
    }
    page.data_validation(address(row, first), {"validate": "list", "source": list(STREAMS)})
    file.forms.append(line.typed.form(sheet.name, months, shared))


def _placed(template: str, month: int, rows: Mapping[str, int]) -> str:
    return template.format(at=column(month), before=column(month - 1) if month else "", **rows)


def _code(line: Line) -> str:
    """Units as they are traded: whole where a month has hundreds of them, else to a tenth."""
    if line.counted == "share":
        return SHARE
    if line.counted == "units":
        return TENTH if max((abs(value) for value in line.values if value is not None), default=0.0) < 100 else WHOLE
    return WHOLE


def _charts(file: Any, page: Any, sheet: MonthSheet, row: int) -> int:
    """Draw the charts side by side below the lines; returns the last row (from 0) that anything stands on."""
    rows, last = sheet.rows, len(sheet.months)
    drawn = [chart for chart in sheet.charts if any(key in rows for key, _, _ in chart.lines)]
    for number, chart in enumerate(drawn):
        picture = file.add_chart({"type": "line"})
        for key, name, colour in chart.lines:
            if key in rows:
                place = f"={quoted(sheet.name)}!$B${rows[key]}:${letters(last)}${rows[key]}"
                months = f"={quoted(sheet.name)}!$B${HEADING}:${letters(last)}${HEADING}"
                series = {"name": name, "categories": months, "values": place}
                picture.add_series({**series, "line": {"color": colour, "width": 1.75}})
        picture.set_title({"name": chart.title, "overlay": False, "name_font": {"size": 10, "bold": True}})
        picture.set_legend({"position": "bottom"})
        picture.set_x_axis({"num_format": "mmm yy", "label_position": "low", "num_font": {"size": 8}})
        picture.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#d5dbe1"}}})
        picture.set_size(_CHART)
        picture.show_blanks_as("gap")
        page.insert_chart(row, 1 + 10 * (number % 2), picture, {"object_position": 2})
    return row + (16 if drawn else 0)


def _printing(page: Any, last_row: int, last_column: int) -> None:
    """Two pages beside each other, the names of the lines on both."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(2, 1)
    page.repeat_columns(0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    page.set_footer("&L&F&C&A&R&P of &N")
    page.print_area(0, 0, last_row, last_column)
