"""Reads a column of dates whole: the order of day and month is decided by all its values, or refused.

``03/04/2026`` alone can be March or April; one ``25/04/2026`` beside it settles the column. Dots are day first, as
everywhere dots are used. Not here: which rows the dates came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sop_pipeline.cycle import add_months
from sop_pipeline.reading.cells.month_names import in_english, month_number

_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"^(\d{{4}})([-/. ])(\d{{1,2}})\2(\d{{1,2}}){_TIME}$")
_COMPACT = re.compile(rf"^(\d{{4}})(\d{{2}})(\d{{2}})(?:\.0+|{_TIME})$")
_YEAR_LAST = re.compile(rf"^(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}$")
_YEAR_MONTH = re.compile(r"^(\d{4})(?:[-/. ]?[Mm]?(?=\d\d$)|[-/. ][Mm]?|[Mm])(\d{1,2})$")
_SHORT_MONTH = re.compile(r"^(?:19|20)\d{2}[1-9]$")
_MONTH_YEAR = re.compile(r"^(\d{1,2})[-/. ](\d{4})$")
_NAME = r"([^\W\d_]{3,14})"
_WORD = re.compile(r"[^\W\d_]{3,}")
_OF = r"(?:del? |d['’])?"  # 1 de enero de 2026
_DAY_NAME_YEAR = re.compile(
    rf"^(\d{{1,2}})(?:st|nd|rd|th|er|[ºª°])?[-/. ]*{_OF}{_NAME}\.?,?[-/. ]*{_OF}(\d{{4}}|\d{{2}}){_TIME}$"
)
_NAME_DAY_YEAR = re.compile(rf"^{_NAME}\.? +(\d{{1,2}})(?:st|nd|rd|th)?,? +(\d{{4}}){_TIME}$")
_NAME_YEAR = re.compile(rf"^{_NAME}\.?[-/. ']*{_OF}(\d{{4}}|\d{{2}})$")
_SERIAL = re.compile(r"^[2-6]\d{4}(?:\.0+)?$")
_EXCEL_ZERO = date(1899, 12, 30)
_FIRST_SERIAL = 25569  # 1 January 1970
_NO_DATE = frozenset(
    {(0, 0, 0), (1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 0), (1900, 1, 1), (1970, 1, 1)}
    | {(year, 12, day) for year in (2999, 9999) for day in (30, 31)}
)
_MONTHS = 12
_MANY = 3  # dates of a form from which chance is ruled out
_DIFFERENT = 3
"""Different days of a month from which turned dates are told."""
_YEARS_AT_MOST = 10
FIRST_YEAR, LAST_YEAR = 1900, 2199


class Undecidable(Exception):
    """The column can be read in two ways; the message gives an example, ``mend`` the way out."""

    def __init__(
        self,
        message: str,
        mend: str = "Say how the file writes dates in sop.yaml: date_format: '%d/%m/%Y' or '%m/%d/%Y'.",
    ) -> None:
        super().__init__(message)
        self.mend = mend


@dataclass(frozen=True)
class Reading:
    """What each text means (absent: no date), and in words how the column was read."""

    days: dict[str, date]
    note: str


@dataclass(frozen=True)
class Evidence:
    """What a set of texts says about the order of day and month: examples that only fit one, and one that fits both."""

    day_first: str | None = None
    month_first: str | None = None
    either: str | None = None

    def __or__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.day_first or other.day_first, self.month_first or other.month_first, self.either or other.either
        )


def evidence(texts: Iterable[str]) -> Evidence:
    """Gather what the texts say about day and month; the examples are the smallest texts, so order plays no part."""
    day_first, month_first, either = [], [], []
    for text in texts:
        match = _YEAR_LAST.match(text)
        if match is None:
            continue
        first, separator, second = int(match[1]), match[2], int(match[3])
        if first > 12 >= second:
            day_first.append(text)
        elif second > 12 >= first:
            month_first.append(text)
        elif first != second and separator != "." and first <= 12:
            either.append(text)
    return Evidence(min(day_first, default=None), min(month_first, default=None), min(either, default=None))


def read(texts: Iterable[str], order: Evidence, *, month_end: bool = False) -> Reading:
    """Read every text by what the column (and its file, ``order``) shows; Undecidable when that is not enough.

    ``month_end`` reads a bare month as its last day (a stock count) instead of its first.
    """
    if order.day_first and order.month_first:
        raise Undecidable(f"both orders: {order.day_first!r} is day first, {order.month_first!r} month first")
    if order.either and not (order.day_first or order.month_first):
        raise Undecidable(f"{order.either!r}, which is a different day when read day first and month first")
    listed = list(texts)
    _refuse_short_months(listed)
    _refuse_short_years(listed)
    _refuse_short_years_first(listed)
    _refuse_swapped(listed)
    _refuse_turned_years_first(listed)
    days: dict[str, date] = {}
    forms: set[str] = set()
    only_serials = bool(listed) and all(_SERIAL.match(text) for text in listed)
    for text in listed:
        day_and_form = _serial(text) if only_serials else _one(text, bool(order.month_first), month_end)
        if day_and_form is not None:
            days[text] = day_and_form[0]
            forms.add(day_and_form[1])
    return Reading(days, ", ".join(sorted(forms)))


def read_declared(texts: Iterable[str], form: str, *, month_end: bool = False) -> Reading:
    """Read every text by a strptime form, names of months in any language; what does not fit is no date."""
    days: dict[str, date] = {}
    names = next((part for part in ("%b", "%B") if part in form), None)
    bare_month = month_end and not any(part in form for part in ("%d", "%j", "%e", "%x", "%c", "%U", "%W"))
    for text in texts:
        try:
            spelt = _WORD.sub(lambda word: in_english(word[0], is_short=names == "%b"), text) if names else text
            day = datetime.strptime(spelt, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            days[text] = _last_day(day) if bare_month else day
    return Reading(days, f"dates {form}")


def all_are_dates(texts: list[str]) -> bool:
    """Whether every text is a day or a month; raises Undecidable where they can be read in two ways."""
    return len(read(texts, evidence(texts)).days) == len(texts)


def is_sentinel(text: str) -> bool:
    """Whether a text is what an ERP system writes for "no date": 9999-12-31, 00.00.0000, 01.01.1900 and their like."""
    bare = re.split(r"[T ]\d{1,2}:", text.strip(), maxsplit=1)[0]
    if bare.isdigit():
        parts = [bare[:4], bare[4:6], bare[6:]] if len(bare) == 8 else [bare]
    else:
        parts = re.split(r"[-/.]", bare)
    if not all(part.isdigit() for part in parts):
        return False
    if len(parts) == 1:
        return int(parts[0]) == 0
    if len(parts) != 3:
        return False
    first, second, third = map(int, parts)
    return bool({(first, second, third), (third, second, first), (third, first, second)} & _NO_DATE)


def _refuse_short_months(texts: list[str]) -> None:
    """``20261`` is January 2026 to people and a day of 1955 to Excel."""
    short = min((text for text in texts if _SHORT_MONTH.match(text)), default=None)
    if short is not None:
        raise Undecidable(
            f"{short!r}, a month without its zero or an Excel day number of {_serial_day(short).year}",
            f"Write {short[:4]}-0{short[4]} in the file, or say in sop.yaml: date_format: '%Y%m'.",
        )


def _refuse_short_years(texts: list[str]) -> None:
    """``Nov 12`` is a day to some and November 2012 to others; months that share a number show that it is a year."""
    months: dict[str, set[str]] = {}
    numbers: dict[str, set[str]] = {}
    named, spaced = [], []
    for text in texts:
        match = _NAME_YEAR.match(text)
        if match is None or len(match[2]) == 4 or "'" in text or month_number(match[1]) is None:
            continue
        months.setdefault(match[2], set()).add(match[1].lower())
        numbers.setdefault(match[1].lower(), set()).add(match[2])
        named.append(text)
        if " " in text.strip():
            spaced.append(text)
    if not months:
        return
    are_years = any(len(names) > 1 for names in months.values()) or any(int(number) > 31 for number in months)
    if (spaced and not are_years) or any(len(found) > _YEARS_AT_MOST for found in numbers.values()):
        example = min(spaced or named)
        raise Undecidable(
            f"{example!r}, which is a day of a year not told, or a month",
            "Write the year with four digits, or say in sop.yaml: date_format: '%b %y' for months.",
        )


def _refuse_short_years_first(texts: list[str]) -> None:
    """``26-09-01`` is in 2026 to some and in 2001 to others; told where the first numbers vary less than the last."""
    found = [
        (text, match[1], match[3], match[4])
        for text in texts
        if (match := _YEAR_LAST.match(text)) and match[2] != "." and len(match[1]) == len(match[4]) == 2
    ]
    firsts, lasts = {first for _, first, _, _ in found}, {last for _, _, _, last in found}
    if not found or min(map(int, firsts)) <= _MONTHS or len(firsts) >= len(lasts):
        return
    if all(_day(f"20{first}", month, last) for _, first, month, last in found):
        text, first, _, last = min(found)
        raise Undecidable(
            f"{text!r}, which is of 20{first} when the year comes first and of 20{last} when it comes last",
            "Say how the file writes dates in sop.yaml: date_format: '%y-%m-%d' or '%d-%m-%y'.",
        )


def _refuse_swapped(texts: list[str]) -> None:
    """A spreadsheet that reads day-first dates month first turns those up to the 12th around, and no others."""
    turned = [text for text in texts if (match := _YEAR_FIRST.match(text)) and int(match[4]) <= 12]
    left = [text for text in texts if (match := _YEAR_LAST.match(text)) and int(match[1]) > 12 >= int(match[3])]
    of_both_forms = [text for text in texts if _YEAR_FIRST.match(text) or _YEAR_LAST.match(text)]
    if min(len(turned), len(left)) >= _MANY and len(turned) + len(left) == len(of_both_forms):
        raise Undecidable(
            f"dates up to the 12th as {min(turned)!r} and later ones as {min(left)!r}: a spreadsheet has taken the "
            "day of the former for the month",
            "Export the dates again without opening the file in a spreadsheet, or import the column as text.",
        )


def _refuse_turned_years_first(texts: list[str]) -> None:
    """The same after a second export, all dates year first: those up to the 12th lie in months that end on the 12th.

    Told only where every one of them, turned back, lies in a month that has later days, and some month has none.
    """
    found = [(text, match[1], int(match[3]), int(match[4])) for text in texts if (match := _YEAR_FIRST.match(text))]
    whole = {(year, month) for _, year, month, day in found if day > 12}
    early = [row for row in found if row[3] <= 12]
    strayed = sorted(row[0] for row in early if (row[1], row[2]) not in whole)
    if (
        min(len(strayed), len(found) - len(early)) >= _MANY
        and len({day for _, _, _, day in early}) >= _DIFFERENT
        and all((year, day) in whole for _, year, _, day in early)
    ):
        raise Undecidable(
            f"days up to the 12th such as {strayed[0]!r} alone in months without later days, which all lie among the "
            "others with day and month turned round: a spreadsheet has taken the one for the other",
            "Export the dates again without opening the file in a spreadsheet, or import the column as text.",
        )


def _serial_day(text: str) -> date:
    return _EXCEL_ZERO + timedelta(days=int(float(text)))


def _serial(text: str) -> tuple[date, str] | None:
    if int(float(text)) < _FIRST_SERIAL:
        return None
    return _EXCEL_ZERO + timedelta(days=int(float(text))), "dates as Excel day numbers"


def _one(text: str, month_first: bool, month_end: bool) -> tuple[date, str] | None:
    for pattern, order, form in (
        (_YEAR_FIRST, (1, 3, 4), "dates year first"),
        (_COMPACT, (1, 2, 3), "dates YYYYMMDD"),
        (_YEAR_LAST, (4, 1, 3) if month_first else (4, 3, 1), f"dates {'month' if month_first else 'day'} first"),
        (_DAY_NAME_YEAR, (3, 2, 1), "dates with month names"),
        (_NAME_DAY_YEAR, (3, 1, 2), "dates with month names"),
    ):
        match = pattern.match(text)
        if match is not None:
            day = _day(match[order[0]], match[order[1]], match[order[2]])
            return (day, form) if day else None
    for pattern, order_month in ((_YEAR_MONTH, (1, 2)), (_MONTH_YEAR, (2, 1)), (_NAME_YEAR, (2, 1))):
        match = pattern.match(text)
        if match is not None:
            first = _day(match[order_month[0]], match[order_month[1]], "1")
            form = f"months, read as their {'last' if month_end else 'first'} day"
            return ((_last_day(first) if month_end else first), form) if first else None
    return None


def _day(year: str, month: str, day: str) -> date | None:
    number = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900)
    name = int(month) if month.isdecimal() else month_number(month)
    if name is None or not FIRST_YEAR <= number <= LAST_YEAR:
        return None
    try:
        return date(number, name, int(day))
    except ValueError:
        return None


def _last_day(day: date) -> date:
    return add_months(day, 1) - timedelta(days=1)
