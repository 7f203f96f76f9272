"""What typed cells mean: an entry of a stream, a decision, an assumption, each with owner and reason.

Every fault names its cell. Not here: reading the file (``book``), or whether an entry comes in time (``entries``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sop_pipeline.cycle import month_text, parse_month
from sop_pipeline.errors import BadInput
from sop_pipeline.inputs.book import TypedBook
from sop_pipeline.inputs.form import Form, Kind

STREAMS = ("sales", "marketing", "finance", "customers")
AMOUNTS = ("change_units", "change_pct", "replace_units")
_LEAST = {"change_pct": -100.0, "replace_units": 0.0}
_NUMBERS = {*AMOUNTS}
_MONTHS = {"month_from", "month_to"}
_MOST = 1e13
_NAMES = {
    "change_units": "units added a month",
    "change_pct": "percent added",
    "replace_units": "units that replace the plan",
    "month_from": "first month",
    "month_to": "last month",
}


@dataclass(frozen=True)
class Entry:
    """One thing a planner says: ``says`` are the columns of its table as text, ``cell`` where it stands."""

    slot: str
    kind: Kind
    cell: str
    owner: str
    reason: str
    says: Mapping[str, str] = field(default_factory=dict)

    @property
    def identifier(self) -> tuple[str, str]:
        """What makes it the same entry when it is said again: its line, and who says it."""
        return self.slot, self.owner

    @property
    def meaning(self) -> str:
        """The entry in words, for a person to look over."""
        if self.kind == "decision":
            return f"decision {self.says['decision_id']}: {self.says['option']}"
        if self.kind == "assumption":
            parts = [f"{name} {value}" for name, value in self.says.items() if name != "assumption_id"]
            return f"assumption {self.says['assumption_id']}: {', '.join(parts)}"
        about = self.says.get("product_id") or self.says.get("family") or "the company"
        first, last = self.says["month_from"], self.says.get("month_to", self.says["month_from"])
        amounts = ", ".join(_amount(name, self.says[name]) for name in AMOUNTS if name in self.says)
        return f"{self.says['stream']}, {about}, {first if first == last else f'{first}..{last}'}: {amounts}"


def entries_of(book: TypedBook) -> tuple[list[Entry], list[BadInput]]:
    """Return every entry typed into a book, and what is wrong with the others, cell by cell."""
    found, faults = [], []
    for form in book.forms:
        for part in _filled(book, form):
            try:
                found.append(part.entry())
            except BadInput as fault:
                faults.append(fault)
    return found, faults


def _amount(name: str, value: str) -> str:
    number = Decimal(value)
    if name == "replace_units":
        return f"= {number:,f} units"
    return f"{number:+,f}" + (" %" if name == "change_pct" else " units a month")


@dataclass(frozen=True)
class _Filled:
    """A line that something was typed into: its cells by field, the first of them, the fields that the book says."""

    book: TypedBook
    form: Form
    slot: str
    cells: Mapping[str, str]
    fixed: Mapping[str, str]

    def entry(self) -> Entry:
        """The entry; BadInput names the first cell that cannot be used."""
        says = {name: text for name, place in self.cells.items() if (text := self._read(name, place)) is not None}
        owner, reason = (says.pop(name, "") for name in ("owner", "reason"))
        for name, value in (("owner", owner), ("reason", reason)):
            if not value:
                raise self._fault(name, "nothing", "who says so" if name == "owner" else "why, in a few words")
        whole = {**self.fixed, **says}
        self._refuse_half(whole)
        whole.pop("known", None)
        return Entry(self.slot, self.form.kind, f"{self.form.sheet}!{self.first}", owner, reason, whole)

    @property
    def first(self) -> str:
        """The address of the first cell typed into that says something alone."""
        alone = [place for name, place in self.cells.items() if name not in ("owner", "reason", "stream")]
        filled = [place for place in alone if not _is_blank(self.book.at(self.form, place))]
        return (filled or list(self.cells.values()))[0]

    def _read(self, name: str, place: str) -> str | None:
        value = self.book.at(self.form, place)
        if _is_blank(value):
            return None
        if name in _NUMBERS:
            return self._number(name, self._as_shown(name, place, value))
        if name in _MONTHS:
            return self._month(name, value)
        text = f"{value:%Y-%m-%d}" if isinstance(value, date) else " ".join(str(_whole(value)).split())
        if name == "stream" and text.lower() not in STREAMS:
            raise self._fault(name, repr(text), f"one of {', '.join(STREAMS)}")
        return text.lower() if name == "stream" else text

    def _as_shown(self, name: str, place: str, value: Any) -> Any:
        """The number a person reads in the cell: what shows as 5% is kept as 0.05."""
        if not isinstance(value, int | float) or not self.book.is_percentage(self.form, place):
            return value
        if name != "change_pct":
            raise self._fault(name, f"{value:.4g} shown as percent", f"a number that is none: {_NAMES[name]}")
        return round(value * 100, 6)

    def _number(self, name: str, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._fault(name, repr(value), f"a number: {_NAMES[name]}")
        if abs(value) > _MOST or value < _LEAST.get(name, -math.inf):
            raise self._fault(name, f"{value:g}", f"{_NAMES[name]}, from {_LEAST.get(name, -_MOST):g} to {_MOST:g}")
        return format(Decimal(repr(value)).quantize(Decimal("0.0001")).normalize(), "f")

    def _month(self, name: str, value: Any) -> str:
        if isinstance(value, datetime | date):
            return month_text(value if not isinstance(value, datetime) else value.date())
        try:
            return month_text(parse_month(str(value).strip()))
        except BadInput as error:
            raise self._fault(name, repr(value), f"a month: {_NAMES[name]}, as YYYY-MM or as a date") from error

    def _refuse_half(self, says: Mapping[str, str]) -> None:
        if self.form.kind == "demand":
            if "stream" not in says:
                raise self._fault("stream", "nothing", f"one of {', '.join(STREAMS)}")
            if "month_from" not in says:
                raise self._fault("month_from", "nothing", "the first month it holds in")
            if says.get("month_to", says["month_from"]) < says["month_from"]:
                raise self._fault("month_to", says["month_to"], f"a month not before {says['month_from']}")
            if not set(says) & {*AMOUNTS}:
                raise self._fault("change_units", "nothing", "units, percent or an override")
        elif self.form.kind == "decision" and "option" not in says:
            raise self._fault("option", "nothing", "the letter of an option, or reject, or defer")
        elif self.form.kind == "assumption":
            if "text" not in says and "known" not in says:
                raise self._fault("text", "nothing", "the assumption in words")
            if {"driver", "subject", "month_from", "change_pct"} & set(says) and "month_from" not in says:
                raise self._fault("month_from", "nothing", "the first month the assumption holds in")

    def _fault(self, name: str, found: str, needed: str) -> BadInput:
        place = self.cells.get(name, self.first)
        return BadInput(
            found=found,
            needed=needed,
            where=f"{self.book.path.name}, {self.form.sheet}!{place}",
            mend=f"Correct the cell, or clear the whole entry at {self.form.sheet}!{self.first}.",
        )


def _filled(book: TypedBook, form: Form) -> Iterator[_Filled]:
    """The lines of a form that something was typed into: one a month where months stand across."""
    if form.months and form.measure:
        for month, place in form.months.items():
            if not _is_blank(book.at(form, place)):
                cells = {form.measure: place, **form.shared}
                yield _Filled(book, form, f"{form.slot}/{month}", cells, {**form.fixed, "month_from": month})
    elif any(not _is_blank(book.at(form, place)) for place in form.cells.values()):
        yield _Filled(book, form, form.slot, {**form.cells, **form.shared}, form.fixed)


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _whole(value: Any) -> Any:
    """Numbers that are identifiers: 1001, where a spreadsheet has 1001.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
