"""The files of a company's folder that a source names: one, or all that fit a pattern, or what is wrong with that."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.names import nearest

_PATTERN = re.compile(r"[*?\[]")
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


def find_files(pattern: str, folder: Path, where: str) -> list[Path]:
    """Return the files a source's path names, sorted; BadInput when there is none.

    ``${NAME}`` and ``${NAME:-instead}`` stand for environment variables.
    """
    text = _VARIABLE.sub(lambda match: os.environ.get(match[1], match[2] or ""), pattern)
    path = Path(text).expanduser()
    path = path if path.is_absolute() else folder / path
    if path.is_file():
        return [path]
    if path.is_dir():
        raise BadInput(found="a folder", needed="a file", where=f"{where}, {pattern}", mend=f"Write {pattern}/*.csv.")
    matches = _matches(path) if _PATTERN.search(text) else []
    if matches:
        return matches
    raise _missing(pattern, path, where)


def _matches(path: Path) -> list[Path]:
    fixed = Path(*(part for part in _until_pattern(path.parts)))
    matches = fixed.glob(str(path.relative_to(fixed)))
    return sorted(item for item in matches if item.is_file() and not item.name.startswith((".", "~$")))


def _until_pattern(parts: tuple[str, ...]) -> list[str]:
    kept = []
    for part in parts:
        if _PATTERN.search(part):
            break
        kept.append(part)
    return kept


def _missing(pattern: str, path: Path, where: str) -> BadInput:
    parent = path.parent
    if not parent.is_dir():
        return BadInput(
            found=f"no folder {parent}",
            needed=f"the file {pattern}",
            where=where,
            mend="Correct the path; it counts from the folder sop.yaml is in.",
        )
    names = sorted(item.name for item in parent.iterdir() if item.is_file() and not item.name.startswith("."))
    mend = nearest(path.name, names) if names else f"The folder {parent} has no files."
    return BadInput(found="no such file", needed=f"the file {pattern}", where=where, mend=mend)


def name_of(path: Path, folder: Path) -> str:
    """The file as it is called everywhere after: its path inside the company folder, or its own folder and name."""
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return f"{path.resolve().parent.name}/{path.name}"
