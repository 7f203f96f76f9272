"""Where a drafted company may be written: an empty or absent folder, so that nothing is changed."""

from __future__ import annotations

from pathlib import Path

from sop_pipeline.errors import BadInput


def refuse_taken(folder: Path) -> None:
    """Raise BadInput for a file, and for a folder that holds anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            found="a folder that is not empty",
            needed="an empty or absent folder",
            where=str(folder),
            mend="Name another folder; nothing was changed.",
        )
