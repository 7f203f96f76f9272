"""The date columns of a file: how they are written, and which cells of an ERP system only say that there is no date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.periods import Span
from sop_pipeline.reading.cells import dates
from sop_pipeline.reading.cells.period_columns import PLANNED, Dating, refuse_week_numbers
from sop_pipeline.reading.cells.rules import ROW_DATE
from sop_pipeline.tables import Column, Kind, Table

STAND_FOR_PERIODS = "dates stand for periods"


@dataclass(frozen=True)
class DateColumns:
    """Per column the day each of its different cells means (null: none) and which cells stand for no date.

    ``covers`` has, of a column whose cells may stand for weeks or periods, how many days each covers from that day on;
    0 is the month itself.
    """

    days: dict[str, pa.Array]
    covers: dict[str, pa.Array]
    sentinels: dict[str, frozenset[str]]
    notes: list[str]


def read_dates(
    mapped: dict[str, pa.Table], spec: Table, source: Source, columns: list[Column], dating: Dating, where: str
) -> DateColumns:
    """Read the date columns among ``columns``, each by all its cells and, where they do not tell, the file's others.

    Raises BadInput, with the line to write in ``sop.yaml``, when a column can be read in two ways.
    """
    of_dates = [column for column in columns if column.kind in (Kind.DATE, Kind.MONTH)]
    cells = {column.name: mapped[column.name].column("cell").to_pylist() for column in of_dates}
    sentinels = {
        column.name: frozenset(
            text for text in cells[column.name] if text is not None and not column.required and dates.is_sentinel(text)
        )
        for column in of_dates
    }
    texts = {
        name: sorted({text for text in column if text is not None} - sentinels[name]) for name, column in cells.items()
    }
    order = dates.Evidence()
    for values in texts.values():
        order = order | dates.evidence(values)
    days: dict[str, pa.Array] = {}
    covers: dict[str, pa.Array] = {}
    notes: set[str] = set()
    for name, values in texts.items():
        is_stock = spec.name == "inventory" and name == "date"
        place = f"{where}, column {name}"
        labels = dating.labels(values)
        spans = dating.spans(labels, spec.name, name, place)
        bare = [text for text in values if text not in labels]
        reading = _read(bare, order, source.date_format, is_stock, place)
        is_planned = name in PLANNED.get(spec.name, ())
        if is_planned:
            spans |= dating.planned(reading.days, place)
        elif name == ROW_DATE.get(spec.name, "date"):
            spans |= dating.of_days(reading.days, place)
        bare_days = _months(reading.days) if spec[name].kind is Kind.MONTH else reading.days
        last = {text: span.last if is_stock else span.first for text, span in spans.items()}
        days[name] = pa.array([text and (last.get(text) or bare_days.get(text)) for text in cells[name]], pa.date32())
        if is_planned or (spans and not is_stock):
            itself = 0 if is_planned else 1
            covers[name] = pa.array([spans[text].days if text in spans else itself for text in cells[name]], pa.int16())
        notes |= {note for note in (reading.note, _span_note(spans, is_stock)) if note}
    return DateColumns(days, covers, sentinels, sorted(notes))


def _months(days: dict[str, date]) -> dict[str, date]:
    return {text: day.replace(day=1) for text, day in days.items()}


def _span_note(spans: dict[str, Span], is_stock: bool) -> str:
    weeks = sorted({span.days // 7 for span in spans.values()})
    if not spans:
        return ""
    what = "dates stand for weeks" if weeks == [1] else f"{STAND_FOR_PERIODS} of {weeks[0]} to {weeks[-1]} weeks"
    if weeks == [0]:
        what = "dates stand for days"
    elif weeks[-1] > 6:
        what = "dates stand for quarters"
    return f"{what}, their last day counts" if is_stock else what


def _read(values: list[str], of_file: dates.Evidence, form: str | None, month_end: bool, where: str) -> dates.Reading:
    if form is not None:
        reading = dates.read_declared(values, form, month_end=month_end)
        _refuse_wrong_form(reading, values, form, where)
        return reading
    refuse_week_numbers(values, where)
    of_column = dates.evidence(values)
    decides = of_column.day_first or of_column.month_first
    try:
        return dates.read(values, of_column if decides else of_file, month_end=month_end)
    except dates.Undecidable as error:
        raise BadInput(
            found=str(error), needed="dates that can be read in one way only", where=where, mend=error.mend
        ) from None


def _refuse_wrong_form(reading: dates.Reading, values: list[str], form: str, where: str) -> None:
    """A form that fits no cell of a column is a typo in sop.yaml, not bad data."""
    if values and not reading.days:
        raise BadInput(
            found=f"{values[0]!r}, and no cell that fits",
            needed=f"dates written {form}, as date_format says",
            where=where,
            mend="Correct date_format in sop.yaml, or leave it out and it is detected.",
        )
