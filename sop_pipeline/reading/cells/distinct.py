"""A column as its different cells and which row holds which: what a cell means is decided once, not once a row.

Half a million sales have a few hundred days, products and quantities. Not here: what a cell means (``cast``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Distinct:
    """``texts``: the different cells, null among them where a row has none; ``codes``: each row's place among them."""

    texts: pa.Array
    codes: pa.Array

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> Distinct:
        """Find the different cells of a column of text, as such or already encoded."""
        chunks = dictionaries(column)
        texts = chunks[0].dictionary if chunks else pa.array([], pa.string())
        codes: pa.Array = pa.chunked_array([chunk.indices for chunk in chunks], pa.int32()).combine_chunks()
        if codes.null_count:
            codes = codes.fill_null(len(texts))
            texts = pa.concat_arrays([texts, pa.nulls(1, pa.string())])
        return cls(texts, codes)

    @classmethod
    def constant(cls, text: str, rows: int) -> Distinct:
        """A column that says the same in every row."""
        return cls(pa.array([text], pa.string()), pa.repeat(pa.scalar(0, pa.int32()), rows))

    def times(self) -> pa.Array:
        """How many rows hold each cell."""
        counted = pc.value_counts(self.codes)
        places = pa.array(range(len(self.texts)), pa.int32())
        return counted.field("counts").take(pc.index_in(places, counted.field("values")))


def encoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column with its different values apart (an Arrow dictionary), whatever its type."""
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def dictionaries(column: pa.ChunkedArray) -> list[pa.DictionaryArray]:
    """Return a column's chunks, encoded by one dictionary."""
    return cast("list[pa.DictionaryArray]", encoded(column).unify_dictionaries().chunks)


def stacked(columns: Mapping[str, Distinct]) -> pa.Table:
    """Return the different cells of all columns one below the other, ``times`` counting the rows of each.

    One statement can then judge every column, and by one expression all columns of a kind. ``parted`` undoes it.
    """
    sizes = [len(column.texts) for column in columns.values()]
    names = [pa.repeat(pa.scalar(name), size) for name, size in zip(columns, sizes, strict=True)]
    return pa.Table.from_pydict(
        {
            "place": pa.array(range(sum(sizes)), pa.int64()),
            "our": pa.chunked_array(names, pa.string()),
            "cell": pa.chunked_array([column.texts for column in columns.values()], pa.string()),
            "times": pa.chunked_array([column.times() for column in columns.values()], pa.int64()),
        }
    ).combine_chunks()


def parted(columns: Mapping[str, Distinct], cells: pa.Table) -> dict[str, pa.Table]:
    """Return of each column what became of its part of ``stacked``."""
    parts: dict[str, pa.Table] = {}
    start = 0
    for name, column in columns.items():
        parts[name] = cells.slice(start, len(column.texts))
        start += len(column.texts)
    return parts
