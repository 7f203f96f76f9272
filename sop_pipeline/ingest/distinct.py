"""A column as its different cells and which row holds which: what a cell means is decided once, not once a row.

Half a million sales have a few hundred days, products and quantities. Not here: what a cell means (``cast``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

_LONG = 4096


@dataclass(frozen=True)
class Distinct:
    """``texts``: the different cells, null among them where a row has none; ``codes``: each row's place among them."""

    texts: pa.Array
    codes: pa.Array

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> Distinct:
        """Find the different cells of a column of text, as such or already encoded."""
        chunks = encoded(column).unify_dictionaries().chunks
        texts = chunks[0].dictionary if chunks else pa.array([], pa.string())
        codes = pa.chunked_array([chunk.indices for chunk in chunks], pa.int32()).combine_chunks()
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


def side_by_side(columns: Mapping[str, Distinct]) -> pa.Table:
    """Return the different cells of all columns in one table, ``place`` by place, short columns filled with nulls.

    ``times_<name>`` counts the rows of each cell. One statement can then judge every column.
    """
    height = max((len(column.texts) for column in columns.values()), default=0)
    found = {"place": pa.array(range(height), pa.int64())}
    for name, column in columns.items():
        missing = height - len(column.texts)
        found[name] = pa.concat_arrays([column.texts, pa.nulls(missing, pa.string())])
        found[f"times_{name}"] = pa.concat_arrays([column.times(), pa.nulls(missing, pa.int64())])
    return pa.table(found)


def in_place(cells: pa.Table) -> pa.Table:
    """Return what became of ``side_by_side``, ordered by ``place`` again where a join has mixed it."""
    places = cells.column("place").to_numpy()
    return cells if (places[1:] > places[:-1]).all() else cells.sort_by("place")


def of_like_length(columns: Mapping[str, Distinct]) -> list[dict[str, Distinct]]:
    """Part long columns from short ones, lest thousands of nulls stand beside every amount."""
    groups: dict[bool, dict[str, Distinct]] = {}
    for name, column in columns.items():
        groups.setdefault(len(column.texts) > _LONG, {})[name] = column
    return list(groups.values())
