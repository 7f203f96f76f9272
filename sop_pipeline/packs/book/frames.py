"""Small questions to a table's frame: rows one by one, sums by month, the rows of a family or with a flag."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables as registry

Values = list[float | None]


def dated(table: pa.Table) -> pd.DataFrame:
    """A table as a frame whose months and days are ``datetime.date``."""
    data = registry.frame(table)
    for field in table.schema:
        if pa.types.is_date(field.type):
            data[field.name] = pd.Series(_days(table.column(field.name)), index=data.index, dtype=object)
    return data


def _days(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    """Days as objects, each made once: a column has few of them, however long it is."""
    encoded = column.combine_chunks().dictionary_encode()
    each = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    return each[encoded.indices.fill_null(len(each) - 1).to_numpy(zero_copy_only=False)]


def each_row(data: pd.DataFrame) -> Iterator[Any]:
    """Go through a frame's rows as tuples with named fields."""
    return data.itertuples(index=False)


def records(data: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame's rows as dictionaries, which facts are put into words from."""
    names = [str(name) for name in data.columns]
    return [dict(zip(names, row, strict=True)) for row in data.itertuples(index=False, name=None)]


def by_month(data: pd.DataFrame, column: str, months: Iterable[date]) -> Values:
    """Sum a column by month and lay it along ``months``; None where there is nothing."""
    if not len(data):
        return [None for _ in months]
    total = data.groupby("month")[column].sum(min_count=1)
    return [None if month not in total.index or pd.isna(total[month]) else float(total[month]) for month in months]


def past_and_plan(data: pd.DataFrame, column: str, months: Sequence[date]) -> tuple[Values, Values]:
    """A column of actual months, and of those planned or partly forecast, each along ``months``, by their ``basis``."""
    came = data["basis"] == "actual"
    return by_month(data[came], column, months), by_month(data[~came], column, months)


def either(first: Values, second: Values) -> Values:
    """The first values, and where there is none the second."""
    return [b if a is None else a for a, b in zip(first, second, strict=True)]


def total(data: pd.DataFrame, column: str) -> float | None:
    """Sum a column; None where every cell is empty."""
    value = data[column].sum(min_count=1) if len(data) else float("nan")
    return None if pd.isna(value) else float(value)


def of_family(data: pd.DataFrame, family: str) -> pd.DataFrame:
    """The rows of one family; of a long frame, whose every family is asked for, all are looked up at once."""
    if len(data) < LONG:
        return data[data["family"] == family]
    return data.take(_families(data).get(family, []))


def _families(data: pd.DataFrame) -> Mapping[Any, Any]:
    """Where each family's rows are."""
    if id(data) not in _PLACES:
        _PLACES[id(data)] = data.groupby("family").indices
        weakref.finalize(data, _PLACES.pop, id(data))
    return _PLACES[id(data)]


LONG = 50_000
_PLACES: dict[int, Mapping[Any, Any]] = {}
"""Rows by family of the long frames in use, by the frame's identity."""


def flagged(data: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows whose flag is set; an empty flag is not."""
    return data[data[column].fillna(False).astype(bool)]
