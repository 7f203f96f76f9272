"""Which of a file's columns is which of ours.

``sop.yaml`` has the word; a heading equal to our name but for case, spaces and punctuation needs no mapping. Nothing is
ever guessed beyond that: a near miss is named in the error, not taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.names import all_closest, closest, nearest, plain, shortened
from sop_pipeline.reading.readers.raw import Raw
from sop_pipeline.tables import Table

_HEADER_AMONG = 20
_SHOWN = 8
_LIKELY = 0.8


@dataclass(frozen=True)
class Mapping:
    """Our columns by position in the file or by constant, and the positions nothing maps to."""

    positions: dict[str, int]
    constants: dict[str, str]
    extras: tuple[int, ...]


def map_columns(spec: Table, source: Source, raw: Raw, where: str) -> Mapping:
    """Return which column of the file feeds which of the table; BadInput names the nearest heading when one lacks."""
    _known_names(spec, source, where)
    positions = {our: _position(our, theirs, raw, where) for our, theirs in source.columns.items()}
    for our in spec.names:
        if our not in positions and our not in source.constants:
            same = _candidates(our, our, raw)
            if same:
                positions[our] = _only(our, same, raw, where)
    _refuse_missing(spec, source, positions, raw, where)
    used = set(positions.values())
    extras = tuple(position for position in range(len(raw.headings)) if position not in used)
    return Mapping(
        {our: at for our, at in positions.items() if our not in source.constants}, dict(source.constants), extras
    )


def _known_names(spec: Table, source: Source, where: str) -> None:
    named: dict[str, Iterable[str]] = {
        "columns": source.columns,
        "constants": source.constants,
        "rename_values": source.rename_values,
    }
    for part, given in named.items():
        for our in given:
            if our not in spec:
                raise BadInput(
                    found=f"{part}.{our}",
                    needed=f"a column of table {spec.name}",
                    where=f"sop.yaml, source {where}",
                    mend=nearest(our, spec.names),
                )
    wide = {} if source.wide is None else {"names_to": source.wide.names_to, "values_to": source.wide.values_to}
    for setting, name in wide.items():
        if name not in spec and name not in source.columns.values():
            raise BadInput(
                found=f"wide.{setting}: {name}",
                needed=f"a column of table {spec.name}",
                where=f"sop.yaml, source {where}",
                mend=nearest(name, spec.names),
            )


def _position(our: str, theirs: str, raw: Raw, where: str) -> int:
    if theirs.strip() in raw.headings:
        return raw.headings.index(theirs.strip())
    same = _candidates(theirs, plain(theirs), raw)
    if same:
        return _only(our, same, raw, where)
    raise BadInput(
        found=f"no column {theirs!r}",
        needed=f"the column sop.yaml maps {our} to",
        where=where,
        mend=nearest(theirs, raw.headings),
    )


def _candidates(name: str, simple: str, raw: Raw) -> list[int]:
    """Return the columns a name can mean: those headed exactly so, else but for case, else but for punctuation."""
    alike = [at for at, heading in enumerate(raw.headings) if simple and plain(heading) == simple]
    alike = [at for at in alike if at not in raw.repeated]
    for same in (str, str.lower):
        exact = [at for at in alike if same(raw.headings[at]) == same(name)]
        if exact:
            return exact
    return alike


def _only(our: str, candidates: list[int], raw: Raw, where: str) -> int:
    """Return the first of the columns; refuse two that differ in their cells, and a heading that stands twice."""
    position = candidates[0]
    for rival in candidates[1:]:
        if not _same_cells(raw, position, rival):
            raise BadInput(
                found=f"the headings {raw.headings[position]!r} and {raw.headings[rival]!r}, which are alike",
                needed=f"one column for {our}",
                where=where,
                mend=f"Say in sop.yaml which is meant: columns: {{{our}: '{raw.headings[position]}'}}.",
            )
    return _unambiguous(our, position, raw, where)


def _same_cells(raw: Raw, position: int, rival: int) -> bool:
    one, other = (raw.cells.column(f"c{at}").cast(pa.string()) for at in (position, rival))
    blank = pa.scalar("")
    return bool(one.fill_null(blank).equals(other.fill_null(blank)))


def _unambiguous(our: str, position: int, raw: Raw, where: str) -> int:
    """Refuse a heading that stands twice over different cells; twice over equal cells does no harm."""
    rivals = [at for at in raw.repeated if plain(raw.headings[at]).startswith(f"{our}_")]
    for rival in rivals:
        if not _same_cells(raw, position, rival):
            raise BadInput(
                found=f"the heading {raw.headings[position]!r} twice, columns {position + 1} and {rival + 1}, "
                "with different cells",
                needed=f"one column for {our}",
                where=where,
                mend=f"Rename one in the file, or say in sop.yaml which is meant: columns: {{{our}: "
                f"'{raw.headings[position]}'}} for the first, '{raw.headings[rival]}' for the other.",
            )
    return position


def _refuse_missing(spec: Table, source: Source, positions: dict[str, int], raw: Raw, where: str) -> None:
    for our in spec.required:
        if our in positions or our in source.constants:
            continue
        raise BadInput(
            found=f"columns {_listed(raw.headings)}",
            needed=f"a column {our} ({spec[our].meaning})",
            where=where + (f", row {source.header_row}" if source.header_row > 1 else ""),
            mend=_lower_header(spec, source, raw)
            or _other_sheet(spec, source, raw)
            or _mapping_to_write(spec, our, raw),
        )


_RARE_DELIMITERS = ("^", "~", "¦", "§", ":")
"""Written by old systems, and in too many headings to be detected."""


def _mapping_to_write(spec: Table, our: str, raw: Raw) -> str:
    inside = [mark for mark in (";", ",", "\t", "|") if len(raw.headings) == 1 and mark in raw.headings[0]]
    if inside:
        return f"The delimiter seems to be {inside[0]!r}: correct it in sop.yaml, or leave it out and it is detected."
    rare = [mark for mark in _RARE_DELIMITERS if len(raw.headings) == 1 and mark in raw.headings[0]]
    if rare:
        return f"The delimiter seems to be {rare[0]!r}: set delimiter: {rare[0]!r} in sop.yaml."
    near = all_closest(our, raw.headings)
    asked = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
    heading = near[0] if near else "HEADING IN THE FILE"
    return f"{asked}Map it in sop.yaml: sources.{spec.name} columns: {{{our}: {heading!r}}}."


def _listed(headings: tuple[str, ...]) -> str:
    shown = ", ".join(repr(shortened(item)) for item in headings[:15])
    return shown + (f" and {len(headings) - 15} more" if len(headings) > 15 else "")


def _lower_header(spec: Table, source: Source, raw: Raw) -> str:
    """Say so when a row below looks like the header: workbooks often begin with a title. Else nothing."""
    wanted = {plain(name) for name in (*spec.names, *source.columns.values())}
    best, score = 0, sum(plain(item) in wanted for item in raw.headings)
    for number, values in sorted(_first_rows(raw)):
        hits = sum(plain(value) in wanted for value in values)
        if hits > score:
            best, score = number, hits
    return f"The column names seem to stand in row {best}: set header_row: {best} in sop.yaml." if best else ""


def _other_sheet(spec: Table, source: Source, raw: Raw) -> str:
    """Say so when another sheet has the columns: workbooks often begin with a cover. Else nothing."""
    wanted = {plain(source.columns.get(name, name)) for name in spec.required if name not in source.constants}
    names = [name for name, headings in raw.others.items() if wanted <= set(map(plain, headings))]
    return f"Sheet {names[0]!r} has these column names: set sheet: {names[0]} in sop.yaml." if names else ""


def _first_rows(raw: Raw) -> list[tuple[int, list[str]]]:
    whole = [
        (row["row"], [str(value) for name, value in row.items() if name != "row" and value])
        for row in raw.cells.slice(0, _HEADER_AMONG).to_pylist()
    ]
    broken = [
        (fault.row, [part for value in fault.content.values() if value for part in value.split(" | ")])
        for fault in raw.faults[:_HEADER_AMONG]
    ]
    return whole + broken


def unused_columns(spec: Table, raw: Raw, mapping: Mapping) -> tuple[list[str], list[str], dict[str, str]]:
    """Return the headings nothing maps to, sorted; the note on them; and what each that looks misspelt is like."""
    names = [raw.headings[position] for position in mapping.extras]
    if not names:
        return [], [], {}
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    absent = [our for our in spec.names if our not in mapping.positions and our not in mapping.constants]
    meant = {name: closest(name, absent, cutoff=_LIKELY) for name in names}
    misspelt = {name: our for name, our in meant.items() if our is not None}
    return sorted(names), [f"columns not used: {shown}"], misspelt
