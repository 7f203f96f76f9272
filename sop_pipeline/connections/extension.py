"""Extensions of DuckDB, from the wheels that are installed beside it; none is ever downloaded."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from sop_pipeline.connections.trouble import Trouble


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension of the very version of this DuckDB; ``Trouble`` where its wheel is missing."""
    spec = find_spec(f"duckdb_extension_{name}")
    if spec is None or spec.origin is None:
        raise Trouble(f"no wheel duckdb-extension-{name.replace('_', '-')} is installed", permanent=True)
    path = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not path.is_file():
        raise Trouble(f"the wheel of {name} is not for DuckDB {duckdb.__version__}", permanent=True)
    connection.load_extension(str(path))
