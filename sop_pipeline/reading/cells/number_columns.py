"""The number columns of a file: which cells tell about its decimal mark, and what they decide."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.cells import numbers
from sop_pipeline.reading.cells.columns import Mapping
from sop_pipeline.reading.cells.rules import is_number
from sop_pipeline.reading.readers.raw import Raw
from sop_pipeline.tables import Column


def typed_columns(raw: Raw, mapping: Mapping, source: Source) -> frozenset[str]:
    """Return our columns whose cells the file itself has as numbers: written with a point, whatever the file's mark."""
    return frozenset(
        our for our, position in mapping.positions.items() if position in raw.typed and our not in source.rename_values
    )


def decimal_mark(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    raw: Raw,
    columns: list[Column],
    mapped: pa.Table,
    where: str,
) -> tuple[numbers.Mark, list[str]]:
    """Return the decimal mark of the written numbers in ``columns``, and the note on it.

    Raises BadInput, with the line to write in ``sop.yaml``, when they can be read in two ways.
    """
    if source.decimal:
        return source.decimal, [f"decimal mark {source.decimal}"]
    names = [column.name for column in columns if is_number(column)]
    if not names:
        return ".", []
    shown = _evidence(connection, names, mapped)
    try:
        mark = numbers.decimal_mark(shown, raw.delimiter)
    except numbers.Undecidable as error:
        raise BadInput(
            found=str(error),
            needed="numbers that can be read in one way only",
            where=f"{where}, columns {', '.join(names)}",
            mend="Say which mark the file uses in sop.yaml: decimal: '.' or decimal: ','.",
        ) from None
    return mark, numbers.told(shown, mark)


def _evidence(connection: duckdb.DuckDBPyConnection, names: list[str], mapped: pa.Table) -> dict[str, numbers.Evidence]:
    connection.register("mapped", mapped)
    rows = sql.run(connection, "reading/number_evidence", columns=names).to_pylist()
    connection.unregister("mapped")
    return {row.pop("our"): numbers.Evidence(**row) for row in rows}
