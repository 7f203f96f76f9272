"""Rows of long sheets, put into a workbook that the library has written with their first row alone.

The library makes a Python object of every cell, which for four million of them is a gigabyte and most of the packs'
time. The first row has the looks of all; the others are written like it, column by column as text, in the format's own
words (ECMA-376 part 1, 18.3.1.4 and 18.3.1.53). Not here: what a sheet has (``sheets``), or how cells look.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline.packs.workbook.names import letters
from sop_pipeline.tables.schema import Kind

LONG = 10_000
"""Rows from which a sheet is written here."""
_AT_ONCE = 20_000
_EFFORT = 3
"""Of compressing, up to 9: at 6, the usual one, it took most of the time for a book smaller by an eighth."""
_FIRST = re.compile(r'<row r="2".*?</row>', re.DOTALL)
_LOOK = re.compile(r'<c r="[A-Z]+2"(?: s="(\d+)")?')
_SIZE = re.compile(r'<dimension ref="A1:([A-Z]+)2"/>')
_ESCAPED = re.compile(r"(_x[0-9a-fA-F]{4}_)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_EPOCH_DAYS = 25_569
"""The day 1970-01-01 as a spreadsheet counts days."""


@dataclass(frozen=True)
class LongRows:
    """The columns of a sheet from its second row on, each with its kind; a null is an empty cell."""

    kinds: Sequence[Kind]
    columns: Sequence[pa.ChunkedArray]


def with_rows(book: bytes, long: Mapping[int, LongRows]) -> bytes:
    """Return a workbook whose sheets (by number, from 1) have these rows in place of the one they have."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, _deflated(out) as after:
        for part in before.infolist():
            rows = next((rows for at, rows in long.items() if part.filename == f"xl/worksheets/sheet{at}.xml"), None)
            with before.open(part) as read, after.open(part, "w", force_zip64=True) as write:
                if rows is None:
                    write.write(read.read())
                else:
                    for text in _sheet(read.read().decode(), rows):
                        write.write(text)
    return out.getvalue()


def _deflated(out: io.BytesIO) -> zipfile.ZipFile:
    return zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_EFFORT)


def _sheet(text: str, rows: LongRows) -> Iterator[bytes]:
    """The sheet's text with every row."""
    count = len(rows.columns[0])
    text = _SIZE.sub(rf'<dimension ref="A1:\g<1>{count + 1}"/>', text, count=1)
    first = _FIRST.search(text)
    if first is None or (looks := _LOOK.findall(first[0])) is None or len(looks) != len(rows.columns):
        raise ValueError("a long sheet is written with one row that has every column")
    yield text[: first.start()].encode()
    for start in range(0, count, _AT_ONCE):
        numbers = pa.array(range(start + 2, min(start + _AT_ONCE, count) + 2), pa.int64()).cast(pa.string())
        cells = [
            _cells(column.slice(start, _AT_ONCE).combine_chunks(), kind, letters(at), look, numbers)
            for at, (column, kind, look) in enumerate(zip(rows.columns, rows.kinds, looks, strict=True))
        ]
        lines = _joined('<row r="', numbers, '">', *cells, "</row>")
        yield "".join(map(str, lines.to_pylist())).encode()
    yield text[first.end() :].encode()


def _cells(values: pa.Array, kind: Kind, column: str, look: str, numbers: pa.Array) -> pa.Array:
    """Each value as a cell; nothing for a null and for no text."""
    style = f' s="{look}"' if look else ""
    if kind is Kind.TEXT:
        told, start, end = _text(values), f'"{style} t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
    elif kind is Kind.FLAG:
        told, start, end = values.cast(pa.int8()).cast(pa.string()), f'"{style} t="b"><v>', "</v></c>"
    elif kind in (Kind.DATE, Kind.MONTH):
        days = pc.add(values.cast(pa.date32()).cast(pa.int32()), _EPOCH_DAYS)
        told, start, end = days.cast(pa.string()), f'"{style}><v>', "</v></c>"
    else:
        told, start, end = _number(values), f'"{style}><v>', "</v></c>"
    return _joined(f'<c r="{column}', numbers, start, told, end).fill_null("")


def _joined(*parts: pa.Array | str) -> pa.Array:
    joined: pa.Array = pc.binary_join_element_wise(*parts, "")  # type: ignore[call-overload]  # text counts for each row
    return joined


def _number(values: pa.Array) -> pa.Array:
    """Exact digits: Arrow's way from a decimal to a float would not always give the nearest one."""
    told = values.cast(pa.string())
    has_places = pa.types.is_decimal(values.type) and values.type.scale > 0
    return pc.utf8_rtrim(pc.utf8_rtrim(told, "0"), ".") if has_places else told


def _text(values: pa.Array) -> pa.Array:
    """Text as XML has it, each that occurs escaped once; null for none."""
    encoded = values.cast(pa.string()).dictionary_encode()
    told = [_escaped(value) if value else None for value in encoded.dictionary.to_pylist()]
    return pa.array(told, pa.string()).take(encoded.indices)


def _escaped(value: str) -> str:
    """Escape for XML, and as spreadsheets do what XML cannot hold."""
    marked = _ESCAPED.sub(r"_x005F\1", value)
    return escape(_CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", marked))
