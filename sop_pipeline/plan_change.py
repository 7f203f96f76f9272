"""One change of the plan's assumptions, as people write it: ``demand Sun Care +10% 2027-03..2027-08``.

The grammar of ``scenarios`` in ``sop.yaml`` and of ``sop what-if``: a measure, whom it is about (``all`` when left
out), an amount, and months (the whole horizon when left out). Here: reading and writing it. Not here: whether a name is
known to the company, or what a change does to the planning problem (``supply.scenarios``).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sop_pipeline.errors import BadInput

BASE = "base"
"""The scenario without changed assumptions: the consensus."""
ALL = "all"
"""The subject that stands for everything a measure is about."""
FORM = "MEASURE [NAME] AMOUNT [MONTHS], such as: demand Sun Care +10% 2027-03..2027-08"


class Measure(StrEnum):
    """What a scenario may change."""

    DEMAND = "demand"
    PRICE = "price"
    COST = "cost"
    WAGE = "wage"
    CAPACITY = "capacity"
    WORKING_DAYS = "working days"
    LEAD_TIME = "lead time"
    SAFETY_STOCK = "safety stock"
    SERVICE_LEVEL = "service level"
    OVERTIME = "overtime"

    @property
    def by_month(self) -> bool:
        """Whether it may differ from month to month; the others hold for the whole horizon."""
        return self not in (Measure.LEAD_TIME, Measure.SAFETY_STOCK, Measure.SERVICE_LEVEL, Measure.OVERTIME)


class Way(StrEnum):
    """How an amount is meant."""

    PERCENT = "percent"
    ADD = "add"
    SET = "set"


SHUTDOWN = "shutdown"
_AMOUNT = re.compile(r"^(?P<sign>[+\-\u2212=])(?P<number>\d+(?:\.\d+)?|\.\d+)(?P<percent>%?)$")
_MONTH = r"\d{4}-(?:0[1-9]|1[0-2])"
_MONTHS = re.compile(rf"^(?P<first>{_MONTH})?(?:(?P<to>\.\.)(?P<last>{_MONTH})?)?$")
_LIKE_MONTHS = re.compile(r"^\.*\d{4}-\d.*$|^\.\..*$|^\d{1,2}[/.]\d{4}$|^\d{4}[/.]\d{1,2}$")
_SPACED_PERCENT = re.compile(r"(\s[+\-\u2212=][\d.]+)\s+%")
_LIKE_AMOUNT = re.compile(r"^[+\-\u2212=]?\d[\d.,]*%?$|^[+\-\u2212=]\S+$")


@dataclass(frozen=True)
class PlanChange:
    """A change: of what, of whom, by how much, from month to month (``YYYY-MM``; None is without end)."""

    measure: Measure
    subject: str
    way: Way
    amount: Decimal
    first: str | None = None
    last: str | None = None
    where: str = ""

    def covers(self, month: date) -> bool:
        """Whether it holds in a month."""
        label = f"{month:%Y-%m}"
        return (self.first is None or self.first <= label) and (self.last is None or label <= self.last)

    def __str__(self) -> str:
        """Write it as it is read."""
        sign = "=" if self.way is Way.SET else "+" if self.amount >= 0 else "-"
        amount = f"{sign}{_plain(abs(self.amount))}{'%' if self.way is Way.PERCENT else ''}"
        return " ".join(part for part in (self.measure, self.subject, amount, self.months) if part)

    @property
    def months(self) -> str:
        """The months as they are written; nothing for the whole horizon."""
        if self.first is None and self.last is None:
            return ""
        return str(self.first) if self.first == self.last else f"{self.first or ''}..{self.last or ''}"


def read_change(text: str, where: str) -> PlanChange:
    """Read a change; BadInput says what was found, what is needed, and ``where`` it stands."""
    measure, rest = _measure(_SPACED_PERCENT.sub(r"\1%", text).split(), where)
    first, last, rest = _months(rest, text, where)
    if measure == SHUTDOWN:
        return PlanChange(Measure.WORKING_DAYS, _subject(rest), Way.SET, Decimal(0), first, last, where)
    known = Measure(measure)
    way, amount, rest = _amount(known, rest, text, where)
    if not known.by_month and (first, last) != (None, None):
        raise _fault(
            f"months in {text!r}", f"none: {known} holds for the whole horizon", where, "Leave the months out."
        )
    return PlanChange(known, _subject(rest), way, amount, first, last, where)


def read_changes(texts: Sequence[str], where: str) -> tuple[PlanChange, ...]:
    """Read several changes; BadInput of the first that cannot be read."""
    return tuple(read_change(text, f"{where}, change {place}") for place, text in enumerate(texts, start=1))


def unread(texts: Sequence[str], where: str) -> list[BadInput]:
    """Return the fault of every change that cannot be read."""
    faults = []
    for place, text in enumerate(texts, start=1):
        try:
            read_change(text, f"{where}, change {place}")
        except BadInput as fault:
            faults.append(fault)
    return faults


def _measure(words: list[str], where: str) -> tuple[str, list[str]]:
    names = [*Measure, SHUTDOWN]
    for count in (2, 1):
        spoken = " ".join(words[:count]).lower().replace("_", " ")
        if spoken in names:
            return spoken, words[count:]
    begins = [" ".join(words[:count]).lower().replace("_", " ") for count in (1, 2)]
    near = next((match for begin in begins for match in difflib.get_close_matches(begin, names, n=1)), None)
    meant = f"Did you mean {near}? " if near else ""
    found = repr(words[0]) if words else "nothing"
    raise _fault(found, f"one of {', '.join(names)}", where, f"{meant}Write {FORM}.")


def _months(words: list[str], text: str, where: str) -> tuple[str | None, str | None, list[str]]:
    """The months at the end, and the words before them: what stands after the amount, else what looks like months."""
    after = next((place for place in range(len(words), 0, -1) if _AMOUNT.match(words[place - 1])), len(words))
    if after == len(words) and words and _LIKE_MONTHS.match(words[-1]):
        after = len(words) - 1
    spoken = "".join(words[after:])
    if not spoken:
        _refuse_months_first(words, text, where)
        return None, None, words
    match = _MONTHS.match(spoken)
    if match is None or (match["first"] is None and match["last"] is None):
        needed = "months such as 2027-03, 2027-03..2027-08, 2027-01.. or ..2027-06"
        raise _fault(repr(" ".join(words[after:])), needed, where, f"Correct it in {text!r}.")
    first, last = match["first"], match["last"]
    if match["to"] is None:
        last = first
    if first is not None and last is not None and last < first:
        raise _fault(spoken, "a first month before the last", where, f"Turn them round in {text!r}.")
    return first, last, words[:after]


def _refuse_months_first(words: list[str], text: str, where: str) -> None:
    before = words[-2] if len(words) > 1 else ""
    if re.fullmatch(rf"{_MONTH}(\.\.)?({_MONTH})?|\.\.{_MONTH}", before):
        raise _fault(
            f"{before} before {words[-1]}", "the amount, then the months", where, f"Turn them round in {text!r}."
        )


def _amount(measure: Measure, words: list[str], text: str, where: str) -> tuple[Way, Decimal, list[str]]:
    """The amount at the end, how it is meant, and the words before it."""
    match = _AMOUNT.match(words[-1]) if words else None
    if match is None:
        like = bool(words) and bool(_LIKE_AMOUNT.match(words[-1]))
        found = repr(words[-1]) if like else f"no amount in {text!r}"
        raise _fault(found, "an amount such as +10%, -2.5%, +200 or =300", where, f"Write {FORM}.")
    number = Decimal(match["number"])
    if match["sign"] == "=" and match["percent"]:
        if measure is not Measure.SERVICE_LEVEL:
            raise _fault(repr(words[-1]), "= with a figure, or + or - with %", where, f"Correct it in {text!r}.")
        return Way.SET, number / 100, words[:-1]
    if match["sign"] == "=":
        return Way.SET, number, words[:-1]
    signed = number if match["sign"] == "+" else -number
    way = Way.PERCENT if match["percent"] else Way.ADD
    if way is Way.PERCENT and signed < -100:
        raise _fault(repr(words[-1]), "at least -100%", where, f"Correct it in {text!r}.")
    return way, signed, words[:-1]


def _subject(words: list[str]) -> str:
    name = " ".join(words).strip("'\"")
    return ALL if name.lower() in ("", ALL) else name


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _fault(found: str, needed: str, where: str, mend: str) -> BadInput:
    return BadInput(found=found, needed=needed, where=where, mend=mend)
