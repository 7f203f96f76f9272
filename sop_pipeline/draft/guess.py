"""What a table of an export is: which of ours, which column is which, in which units, and which rows are none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sop_pipeline import tables
from sop_pipeline.config import Source, Wide
from sop_pipeline.draft import words
from sop_pipeline.draft.parts import Part, dates_in, is_number
from sop_pipeline.periods import label_of
from sop_pipeline.reading.cells.rules import is_number as is_number_column
from sop_pipeline.tables import Kind, Table

_TABLES = (
    *("sales", "production", "inventory", "products", "product_features", "resources", "business_plan"),
    "external_forecasts",
)
_DATE = {"sales": "date", "production": "date", "inventory": "date", "business_plan": "month"}
_MEASURES = {
    "sales": ("quantity", "revenue"),
    "production": ("quantity", "hours"),
    "inventory": ("on_hand",),
    "business_plan": ("units",),
}
_FEWEST_MONTHS = 3
_MOSTLY = 0.8
_LONGEST_FOOTER = 3
_AWAY = 8


@dataclass(frozen=True)
class Guess:
    """A part as a source of a table: what was guessed in words, and what only a person knows."""

    part: Part
    table: str
    source: Source
    score: int
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = field(default=())


def guess(part: Part) -> Guess | None:
    """Return the likeliest reading of a part; None where it is none of our tables."""
    named = words.table_words(part.title)
    found = [reading for table in _TABLES for reading in [_as(part, table, _AWAY * named.get(table, 0))] if reading]
    return max(found, key=lambda reading: (reading.score, -_TABLES.index(reading.table)), default=None)


def _as(part: Part, table: str, named: int) -> Guess | None:
    """Read a part as a table; None where a column lacks that nothing can stand in for."""
    spec = tables.get(table)
    across = _months_across(part) if table in _DATE else {}
    columns, score = _columns(part, spec, range(len(part.raw.headings)))
    fewest = 1 if named and _DATE.get(table) not in columns else _FEWEST_MONTHS
    if len(across) >= fewest:
        return _wide(part, spec, across, named)
    if table == "products" and "product_name" not in columns and "product_id" in columns:
        columns["product_name"] = columns["product_id"]
        if len(columns) == len({"product_id", "product_name"}) < len(part.raw.headings):
            return None
    missing = [name for name in spec.required if name not in columns]
    from_name = {}
    if missing == [_DATE.get(table)] and _month_in_name(part):
        from_name, missing = {missing[0]: _month_in_name(part)}, []
    if missing:
        return None
    renames = _month_names(part, columns.get(_DATE.get(table, "")))
    source = part.source.model_copy(
        update={
            "columns": {our: part.raw.headings[at] for our, at in columns.items()},
            "factors": _factors(part, columns, spec),
            "skip_rows": _skipped(part, columns, spec),
            "from_file_name": from_name,
            "rename_values": {_DATE[table]: renames} if renames else {},
        }
    )
    return _told(Guess(part, table, source, score + named), spec)


def _wide(part: Part, spec: Table, across: dict[str, str | None], named: int) -> Guess | None:
    """Read a part with months across: one measure, which its title or its table says."""
    rest = [at for at, heading in enumerate(part.raw.headings) if heading not in across]
    columns, score = _columns(part, spec, rest)
    date = _DATE[spec.name]
    measure = _measure(part, spec)
    columns = {our: at for our, at in columns.items() if not is_number_column(spec[our]) and our != date}
    if not {name for name in spec.required if name not in (date, *_MEASURES[spec.name])} <= set(columns):
        return None
    totals = [part.raw.headings[at] for at in rest if words.is_total(part.raw.headings[at])]
    keep = [part.raw.headings[at] for at in rest if part.raw.headings[at] not in totals]
    renames = {heading: month for heading, month in across.items() if month}
    factor = words.factor(part.title)
    source = part.source.model_copy(
        update={
            "columns": {our: part.raw.headings[at] for our, at in columns.items()},
            "wide": Wide(keep=keep, names_to=date, values_to=measure),
            "factors": {measure: factor} if factor and _is_ours(factor, measure, spec.name) else {},
            "skip_rows": _skipped(part, columns, spec),
            "rename_values": {date: renames} if renames else {},
        }
    )
    reading = Guess(part, spec.name, source, score + named + 20)
    months = f"{len(across)} columns of months become rows of {date}, their cells {measure}"
    return _told(replace(reading, notes=(months,)), spec)


def _columns(part: Part, spec: Table, positions: range | list[int]) -> tuple[dict[str, int], int]:
    """Return our columns by position, the best fits first, and how well they fit in all."""
    fits = sorted(
        (
            (words.likeness(part.raw.headings[at], column.name, spec.name), -at, column.name)
            for at in positions
            for column in spec.columns
            if words.likeness(part.raw.headings[at], column.name, spec.name) and _holds(part, at, column.kind)
        ),
        reverse=True,
    )
    columns: dict[str, int] = {}
    for _, place, our in fits:
        if our not in columns and -place not in columns.values():
            columns[our] = -place
    score = sum(fit for fit, place, our in fits if columns.get(our) == -place)
    return columns, score


def _holds(part: Part, position: int, kind: Kind) -> bool:
    """Whether a column's cells are mostly of a kind."""
    texts = list(dict.fromkeys(part.texts(position)))[:200]
    if kind in (Kind.DATE, Kind.MONTH):
        read = dates_in(texts)
        known = [text for text in texts if text in read or label_of(text) or words.month_of(text)]
        return len(known) >= _MOSTLY * len(texts) > 0
    if kind.is_decimal or kind is Kind.COUNT:
        return sum(map(is_number, texts)) >= _MOSTLY * len(texts) > 0
    return bool(texts) or kind is Kind.TEXT


def _months_across(part: Part) -> dict[str, str | None]:
    """Return the headings that are months, each with what to rename it to where its language is none we read."""
    headings = list(part.raw.headings)
    read = {heading for heading in headings if not heading.isdigit() and dates_in([heading])}
    foreign = {heading: words.month_of(heading) for heading in headings if heading not in read}
    found: dict[str, str | None] = {heading: None for heading in headings if heading in read}
    return {**found, **{heading: month for heading, month in foreign.items() if month}}


def _measure(part: Part, spec: Table) -> str:
    """Return what the cells are: by the sheet's name, else by the file's and what stands above the table."""
    ours = _MEASURES[spec.name]
    for text in (part.source.sheet or "", part.title):
        likely = {our: words.likeness(text, our, spec.name) for our in ours}
        if any(likely.values()):
            return max(ours, key=lambda our: (likely[our], -ours.index(our)))
    return ours[0]


def _month_in_name(part: Part) -> str | None:
    """Return the pattern whose star is the month in a file's name."""
    stem, ending = part.path.stem, part.path.suffix
    for start in range(len(stem)):
        for form in (10, 8, 7, 6):
            text = stem[start : start + form]
            edge = stem[start - 1 : start] + stem[start + form : start + form + 1]
            if not any(map(str.isdigit, edge)) and text[:2] in ("19", "20") and dates_in([text]):
                return f"{stem[:start]}*{stem[start + form :]}{ending}"
    return None


def _month_names(part: Part, position: int | None) -> dict[str, str]:
    if position is None:
        return {}
    texts = list(dict.fromkeys(part.texts(position)))
    read = dates_in(texts)
    return {text: month for text in texts if text not in read for month in [words.month_of(text)] if month}


def _factors(part: Part, columns: dict[str, int], spec: Table) -> dict[str, str]:
    headings = {our: part.raw.headings[at] for our, at in columns.items() if is_number_column(spec[our])}
    found = {our: words.factor(heading) for our, heading in headings.items()}
    return {our: factor for our, factor in found.items() if factor and _is_ours(factor, our, spec.name)}


def _is_ours(factor: str, our: str, table: str) -> bool:
    """Minutes concern times alone, thousands amounts alone."""
    is_time = our == "hours" or (table == "product_features" and our == "quantity")
    return is_time == factor.startswith("1/")


def _skipped(part: Part, columns: dict[str, int], spec: Table) -> dict[str, list[str]]:
    """Return by heading the first words of rows that are totals, or remarks below the table."""
    found: dict[str, list[str]] = {}
    footers = _footers(part)
    for position in range(len(part.raw.headings)):
        if any(is_number_column(spec[our]) for our, at in columns.items() if at == position):
            continue
        texts = part.texts(position)
        totals = {text for text in texts if words.is_total(text)}
        if totals:
            kept = set(texts) - totals - set(footers)
            found[part.raw.headings[position]] = sorted({_like(text, kept) for text in totals})
    first = part.raw.headings[0]
    kept = set(part.texts(0)) - set(footers)
    for text in footers:
        if not words.is_total(text) or first not in found:
            found.setdefault(first, []).append(_like(text, kept))
    return {heading: list(dict.fromkeys(patterns)) for heading, patterns in found.items()}


def _like(text: str, kept: set[str]) -> str:
    """Return the pattern of rows such as this one: by its first word, where no row to keep begins so.

    A number, as in ``4 entries``, differs from file to file and begins codes, too: then the rest of the text says it.
    """
    first, *rest = text.split()
    if any(map(str.isdigit, first)):
        return f"* {' '.join(rest)}" if rest else text
    if any(other.lower().startswith(first.lower()) for other in kept):
        return text
    return f"{first}*"


def _footers(part: Part) -> list[str]:
    """Return the first cells of records below the table that have few cells."""
    short = [fault.content.get(part.raw.headings[0]) for fault in part.raw.faults[-_LONGEST_FOOTER:]]
    rows = part.raw.cells.slice(max(0, part.raw.cells.num_rows - _LONGEST_FOOTER)).to_pylist()
    alone = [row["c0"] for row in rows if row["c0"] and not any(v for k, v in row.items() if k not in ("row", "c0"))]
    return [str(text) for text in (*short, *alone) if text and not is_number(str(text))]


def _told(reading: Guess, spec: Table) -> Guess:
    source, notes, doubts = reading.source, list(reading.notes), list(reading.doubts)
    if source.header_row > 1:
        notes.append(f"column names in row {source.header_row}")
    for our, factor in source.factors.items():
        notes.append(f"{our} times {factor}, by the unit in its heading")
    for heading, patterns in source.skip_rows.items():
        notes.append(f"rows skipped where {heading} is {', '.join(patterns)}")
    for our, pattern in source.from_file_name.items():
        notes.append(f"{our} from the file's name, {pattern}")
    used = {*source.columns.values(), *(source.wide.keep if source.wide else ())}
    across = set() if source.wide is None else set(reading.part.raw.headings) - set(source.wide.keep)
    unused = [heading for heading in reading.part.raw.headings if heading not in used | across]
    if unused:
        doubts.append(f"not used: {', '.join(unused[:6])}{' ...' if len(unused) > 6 else ''}")
    if reading.table == "product_features" and "quantity" in source.columns and "quantity" not in source.factors:
        heading = source.columns["quantity"]
        doubts.append(f"{heading} is taken for hours a unit; if it is minutes: factors: {{quantity: 1/60}}")
    return replace(reading, notes=tuple(notes), doubts=tuple(doubts))
