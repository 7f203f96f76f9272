"""Reads Parquet: typed columns, each written as text so that one set of rules serves every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.raw import NOT_A_NUMBER, Extent, Raw, cells_table, unique_headings

NUMBERS = b"sop.numbers"
"""Metadata of a file: the columns of text that are numbers with a decimal point (``connections.query`` writes it)."""
_UTC = frozenset({"UTC", "Etc/UTC", "GMT", "Z", "+00:00"})
_NOON, _MANY = 12, 3
# Floats are told apart by their bits, or minus zero would be taken for zero.
_BITS: dict[pa.DataType, pa.lib.Int16Type | pa.lib.Int32Type | pa.lib.Int64Type] = {
    pa.float16(): pa.int16(),
    pa.float32(): pa.int32(),
    pa.float64(): pa.int64(),
}


def read_parquet(path: Path, where: str) -> Raw:
    """Return the file's cells as text; BadInput when it cannot be read. Row 2 is the first row, as in a text file.

    A moment in a time zone is written as the day and hour it has there: local midnight of the 1st is the 1st.
    """
    try:
        file = pq.ParquetFile(path)
        data = file.read()
    except (pa.ArrowInvalid, OSError) as error:
        raise BadInput(
            found="a file that is no Parquet file, or a damaged one",
            needed="a readable Parquet file",
            where=where,
            mend="Write the file again; when it is CSV or Excel, set format.",
        ) from error
    headings, repeated = unique_headings(data.column_names)
    numbers = json.loads((file.metadata.metadata or {}).get(NUMBERS, b"[]"))
    columns = [
        _as_text(column, is_number=name in numbers)
        for name, column in zip(data.column_names, data.columns, strict=True)
    ]
    typed = frozenset(
        position
        for position, field in enumerate(data.schema)
        if _is_number(field.type) or (field.name in numbers and pa.types.is_string(field.type))
    )
    records = file.metadata.num_rows + 1
    remarks = [
        said
        for name, column in zip(data.column_names, data.columns, strict=True)
        if (said := _late_in_utc(name, column))
    ]
    return Raw(
        headings,
        repeated,
        cells_table(range(2, data.num_rows + 2), columns),
        Extent(records, records, 1),
        typed=typed,
        remarks=tuple(remarks),
    )


def _late_in_utc(name: str, column: pa.ChunkedArray) -> str | None:
    """Tell moments in UTC that look like midnights of a zone east of it: all at one late hour, or at two in turn.

    Which day they are the file does not say; they are read as the day they have in UTC.
    """
    if not pa.types.is_timestamp(column.type) or column.type.tz not in _UTC:
        return None
    different = pc.unique(column.cast(pa.timestamp("us"), safe=False)).drop_null()
    moments = cast("pa.TimestampArray", different)
    is_whole = pc.all(pc.equal(pc.floor_temporal(moments, unit="hour"), moments), min_count=1).as_py()
    hours = sorted(hour for hour in pc.unique(pc.hour(moments)).to_pylist() if hour is not None)
    if not is_whole or len(different) < _MANY or hours[0] < _NOON or hours[-1] - hours[0] > 1:
        return None
    return (
        f"{name}: every moment is {' or '.join(f'{hour}:00' for hour in hours)} in UTC, as midnights of a zone east of "
        "it are; read as their day in UTC, which is the one before. If they are midnights, write the file in local time"
    )


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def _is_bytes(kind: pa.DataType) -> bool:
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)


def _spelt(value: object) -> str:
    """Bytes are text that its writer did not call so, as far as they are UTF-8; a length of time is 1:30:00."""
    try:
        return value.decode() if isinstance(value, bytes) else str(value)
    except UnicodeDecodeError:
        return str(value)


def _as_text(column: pa.ChunkedArray, *, is_number: bool) -> pa.ChunkedArray:
    """Return a column as text, encoded where its type allows, so that each different value is written once.

    ``is_number`` where text stands for numbers of a database, of which ``NaN`` is one that is none.
    """
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    column = column.cast(kind)
    if pa.types.is_duration(kind):
        column = column.cast(pa.duration("us"), safe=False)
    if pa.types.is_nested(kind) or _is_bytes(kind) or pa.types.is_duration(kind):
        return pa.chunked_array([pa.array([None if v is None else _spelt(v) for v in column.to_pylist()], pa.string())])
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    bits = _BITS.get(kind)
    plain = pa.chunked_array([chunk.view(bits) for chunk in column.chunks], bits) if bits else column
    encoded = plain if pa.types.is_dictionary(plain.type) else plain.dictionary_encode()
    chunks = cast("list[pa.DictionaryArray]", encoded.unify_dictionaries().chunks)
    if not chunks:
        return column.cast(pa.string())
    values = chunks[0].dictionary
    texts = _written(values.view(kind) if bits else values)
    if is_number and pa.types.is_string(kind):
        texts = pc.if_else(pc.equal(texts, pa.scalar("NaN")), NOT_A_NUMBER, texts)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(chunk.indices, texts) for chunk in chunks])


def _written(values: pa.Array) -> pa.Array:
    kind = values.type
    if pa.types.is_timestamp(kind):
        # the stubs know moments without a zone alone
        local = pc.local_timestamp(values) if kind.tz else values  # type: ignore[call-overload]
        moments = cast("pa.TimestampArray", local.cast(pa.timestamp("us"), safe=False))
        midnight = pc.all(pc.equal(pc.floor_temporal(moments, unit="day"), moments), min_count=0).as_py()
        return (moments.cast(pa.date32()) if midnight else moments).cast(pa.string())
    if pa.types.is_floating(kind):
        # a whole number stored as a float is written without its ``.0``, so that 1001.0 names product 1001
        return pc.replace_substring_regex(values.cast(pa.string()), r"\.0$", "")
    return values.cast(pa.string())
