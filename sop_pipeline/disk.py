"""What the operating system says of a file or folder, in words that help: full, read-only, not there, not allowed.

A full disk or a folder that may not be written is nothing a traceback explains. Whoever writes does so inside
``telling``. Not here: what is written, nor what is wrong with a file's content.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sop_pipeline.errors import BadInput

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM}


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Raise BadInput in place of an ``OSError`` of what is done at ``path``."""
    try:
        yield
    except OSError as error:
        raise in_words(error, path) from error


def in_words(error: OSError, path: Path | None = None) -> BadInput:
    """Say what was found, at the place the error names, else at ``path``."""
    place = Path(error.filename) if isinstance(error.filename, str | Path) else path
    where = str(place) if place is not None else "the disk"
    if error.errno in _FULL:
        return BadInput(found=_full(place), needed="room to write", where=where, mend="Make room, then run it again.")
    if error.errno == errno.EROFS:
        return BadInput(
            found="a read-only file system",
            needed="a folder that may be written",
            where=where,
            mend="Mount it for writing, or put the folder elsewhere.",
        )
    if error.errno in _FORBIDDEN:
        return BadInput(
            found="no permission",
            needed="a file or folder that this user may read and write",
            where=where,
            mend=f"Change its owner or its mode: ls -ld '{where}' shows them.",
        )
    return BadInput(
        found=(error.strerror or str(error)).lower(),
        needed="a file or folder that can be read and written",
        where=where,
        mend="Look at the disk, then run it again.",
    )


def _full(place: Path | None) -> str:
    """How full the disk is that holds ``place``, as far as that can be told."""
    there = next((each for each in (place, *place.parents) if each.exists()), None) if place else None
    if there is None:
        return "a full disk"
    usage = shutil.disk_usage(there)
    return f"a full disk ({usage.free / 1e6:,.0f} MB free of {usage.total / 1e6:,.0f} MB)"
