"""Makes data fit the registry: names, types, rounding, order.

Numbers leave floating point here and nowhere else: a float is rounded once, half to even, to the places of its column.
Rows come out in key order, so equal data is equal to the byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline.errors import BadInput
from sop_pipeline.tables.columns import nulls
from sop_pipeline.tables.registry import get
from sop_pipeline.tables.schema import Column, Kind, Table

if TYPE_CHECKING:  # half a second of processor that commands without frames need not spend
    import pandas as pd

# Up to here a float counts the last places of a decimal one by one.
_EXACT = 2.0**50


def conform(table: Table | str, data: pa.Table | pd.DataFrame | list[dict[str, Any]]) -> pa.Table:
    """Return ``data`` as the registry's table: its columns in order, its types, rows sorted by key.

    Columns the data lacks become null; columns the table does not have are dropped. Raises BadInput when a required
    column is absent or has nulls, or when the key repeats.
    """
    spec = table if isinstance(table, Table) else get(table)
    source = _arrow(data)
    columns = [_column(spec, column, source) for column in spec.columns]
    result = pa.Table.from_arrays(columns, schema=spec.arrow)
    _refuse_nulls(spec, result)
    ordered = _ordered(spec, result)
    _refuse_repeats(spec, ordered)
    return ordered


def aligned(table: Table | str, data: pa.Table) -> pa.Table:
    """Return what an earlier version wrote with today's columns: those it lacks are null, others are dropped."""
    spec = get(table) if isinstance(table, str) else table
    columns = [
        data.column(column.name) if column.name in data.column_names else nulls(data.num_rows, column.kind)
        for column in spec.columns
    ]
    return pa.table(columns, names=spec.names)


def empty(table: Table | str) -> pa.Table:
    """Return the table with no rows."""
    spec = table if isinstance(table, Table) else get(table)
    return spec.arrow.empty_table()


def concat(table: Table | str, parts: list[pa.Table]) -> pa.Table:
    """Return the conforming union of conforming parts."""
    return conform(table, pa.concat_tables(parts)) if parts else empty(table)


def frame(data: pa.Table) -> pd.DataFrame:
    """Return a table as pandas: decimals as float64, dates as datetime64, text as object, flags as bool or None."""
    import pandas as pd

    fields = [
        pa.field(item.name, pa.float64() if pa.types.is_decimal(item.type) else item.type) for item in data.schema
    ]
    out = data.cast(pa.schema(fields)).to_pandas(date_as_object=False)
    for item in data.schema:
        if pa.types.is_date(item.type):
            out[item.name] = pd.to_datetime(out[item.name])
    return out


def rows(data: pa.Table) -> list[dict[str, Any]]:
    """Return a table's rows as dictionaries with Python values (dates, Decimals, None)."""
    return data.to_pylist()


def _arrow(data: pa.Table | pd.DataFrame | list[dict[str, Any]]) -> pa.Table:
    if isinstance(data, pa.Table):
        return data
    if isinstance(data, list):
        names = list(dict.fromkeys(name for row in data for name in row))
        return pa.table({name: [row.get(name) for row in data] for name in names})
    return pa.Table.from_pandas(data, preserve_index=False)


def _column(spec: Table, column: Column, source: pa.Table) -> pa.Array:
    if column.name not in source.column_names:
        if column.required and source.num_rows:
            raise BadInput(
                found=f"columns {', '.join(source.column_names)}",
                needed=f"column {column.name} ({column.meaning})",
                where=f"table {spec.name}",
                mend="Add the column or map one to it.",
            )
        return nulls(source.num_rows, column.kind)
    values = source.column(column.name).combine_chunks()
    try:
        return _cast(values, column.kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ArithmeticError) as error:
        raise BadInput(
            found=str(error),
            needed=f"values of kind {column.kind}",
            where=f"table {spec.name}, column {column.name}",
            mend="Correct the values named.",
        ) from error


def _cast(values: pa.Array, kind: Kind) -> pa.Array:
    if isinstance(values, pa.DictionaryArray):
        values = values.dictionary_decode()
    if kind.is_decimal and pa.types.is_floating(values.type):
        return _decimal_from_float(values, kind)
    if kind.is_decimal and pa.types.is_decimal(values.type) and values.type != kind.arrow:
        wide = values.cast(pa.decimal128(38, values.type.scale))  # so that 9.9999 has room to become 10
        return pc.round(wide, ndigits=kind.places, round_mode="half_to_even").cast(kind.arrow)
    if kind.is_decimal and pa.types.is_integer(values.type):
        return values.cast(pa.decimal128(38, kind.places)).cast(kind.arrow)
    if kind is Kind.COUNT and pa.types.is_floating(values.type):
        return pc.round(values).cast(pa.int64())
    if kind is Kind.MONTH:
        dates = cast("pa.Date32Array", values.cast(pa.date32()))
        return pc.floor_temporal(dates, unit="month").cast(pa.date32()) if len(dates) else dates
    return values.cast(kind.arrow)


def _decimal_from_float(values: pa.Array, kind: Kind) -> pa.Array:
    """Round half to even at the column's places and cast; NaN and infinity become null."""
    numbers = values.cast(pa.float64()).to_numpy(zero_copy_only=False)
    finite = np.isfinite(numbers)
    scaled = np.rint(np.where(finite, numbers, 0.0) * 10.0**kind.places)
    if np.abs(scaled).max(initial=0.0) < _EXACT:
        return _decimal_from_whole(scaled.astype(np.int64), finite, kind)
    rounded = np.where(finite, np.round(np.where(finite, numbers, 0.0), kind.places), 0.0) + 0.0
    exact = pa.array(rounded, type=pa.float64()).cast(pa.decimal128(38, kind.places + 4))
    tidy = pc.round(exact, ndigits=kind.places, round_mode="half_to_even").cast(kind.arrow)
    return pc.if_else(pa.array(finite), tidy, nulls(len(tidy), kind))


def _decimal_from_whole(whole: npt.NDArray[np.int64], known: npt.NDArray[np.bool_], kind: Kind) -> pa.Array:
    """Decimals whose last places are ``whole``, written as they lie in memory: low half, then the sign's half."""
    halves = np.stack([whole, whole >> 63], axis=1)
    valid = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    return pa.Array.from_buffers(kind.arrow, len(whole), [valid, pa.py_buffer(halves.tobytes())])


def _refuse_nulls(spec: Table, data: pa.Table) -> None:
    for name in spec.required:
        nulls = data.column(name).null_count
        if nulls:
            raise BadInput(
                found=f"{nulls} of {data.num_rows} rows without a value",
                needed=f"a value in every row ({spec[name].meaning})",
                where=f"table {spec.name}, column {name}",
                mend="Fill the column in or leave the rows out.",
            )


def _ordered(spec: Table, data: pa.Table) -> pa.Table:
    names = [*spec.key, *(name for name in spec.names if name not in spec.key)]
    return data.sort_by([(name, "ascending") for name in names]) if data.num_rows else data


def _refuse_repeats(spec: Table, data: pa.Table) -> None:
    """Refuse two rows of one key; ``data`` is sorted by it."""
    if not spec.key or not _repeats(data.select(list(spec.key))):
        return
    distinct = data.select(list(spec.key)).group_by(list(spec.key)).aggregate([([], "count_all")])
    example = distinct.filter(pc.greater(distinct.column("count_all"), pa.scalar(1))).slice(0, 1).to_pylist()[0]
    raise BadInput(
        found=f"{data.num_rows} rows for {distinct.num_rows} keys, for example {example}",
        needed=spec.grain,
        where=f"table {spec.name}",
        mend=f"Make ({', '.join(spec.key)}) unique.",
    )


def _repeats(keys: pa.Table) -> bool:
    """Whether two rows in a row are equal, nulls being equal to nulls: a tenth of the time of grouping them."""
    first, *others = (_equals_row_before(column) for column in keys.columns)
    same = first
    for other in others:
        same = pc.and_(same, other)
    return bool(pc.any(same).as_py())


def _equals_row_before(column: pa.ChunkedArray) -> pa.BooleanArray:
    later, earlier = column.slice(1), column.slice(0, max(len(column) - 1, 0))
    equal = pc.equal(later, earlier)
    return pc.or_kleene(equal, pc.and_(pc.is_null(later), pc.is_null(earlier))) if column.null_count else equal
