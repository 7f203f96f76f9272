"""The starter company that ``sop init`` makes: a small bakery, every setting explained, ready to run.

Its files lie in ``files/``; people replace them by their own. Also here: the JSON schema of ``sop.yaml``, by which
editors complete and check it. Not here: the demo company, which is large and shows everything (``demo``).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sop_pipeline.errors import BadInput
from sop_pipeline.starter.editor_schema import SCHEMA_FILE, editor_schema, write_editor_schema

FILES = Path(__file__).with_name("files")
FIRST_CYCLE = "2026-07"

__all__ = ["FIRST_CYCLE", "SCHEMA_FILE", "editor_schema", "init_company", "write_editor_schema"]


def init_company(folder: Path) -> None:
    """Make a company folder with sop.yaml, its schema and small CSV files; BadInput unless absent or empty."""
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise BadInput(
            found="a file", needed="a folder", where=str(folder), mend="Name a folder that does not exist yet."
        )
    there = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    if there:
        raise BadInput(
            found=f"{len(there)} files or folders, {there[0]} among them",
            needed="an empty or absent folder",
            where=str(folder),
            mend="Name another folder; nothing was changed.",
        )
    shutil.copytree(FILES, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    write_editor_schema(folder)
