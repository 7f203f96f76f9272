"""What the operating system says of a file or folder, in words that help: full, read-only, not there, not allowed.

A full disk or a folder that may not be written is nothing a traceback explains. Whoever writes does so inside
``telling``. Files that are kept for good are read-only, and who replaces files asks ``refuse_kept`` first, since file
modes bind neither an administrator nor a rename. Not here: what is written, nor what is wrong with a file's content.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sop_pipeline.errors import BadInput

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM}
_PASSING = {
    errno.EIO,
    errno.EAGAIN,
    errno.EINTR,
    errno.EBUSY,
    errno.ESTALE,
    errno.ETIMEDOUT,
    errno.ECONNRESET,
    errno.ECONNABORTED,
    errno.ECONNREFUSED,
    errno.ENETDOWN,
    errno.ENETUNREACH,
    errno.EHOSTUNREACH,
    errno.EPIPE,
    errno.EMFILE,
    errno.ENFILE,
}
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


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


def may_pass(error: BaseException) -> bool:
    """Whether a fault is one of disk or network that may be over in a moment, also where it was told in words.

    A full disk, a missing file or a lacking permission stays until a person mends it; so does bad input.
    """
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        if isinstance(each, OSError):
            return each.errno in _PASSING or isinstance(each, ConnectionError | TimeoutError)
        seen.add(id(each))
        each = each.__cause__
    return False


def keep(path: Path) -> None:
    """Make a file read-only for everybody, for good."""
    with telling(path):
        path.chmod(path.stat().st_mode & ~_WRITABLE)


def is_kept(path: Path) -> bool:
    """Whether a file is there that nobody may write."""
    return path.is_file() and not path.stat().st_mode & _WRITABLE


def refuse_kept(path: Path) -> None:
    """Raise BadInput where a file that is kept for good would be replaced."""
    if is_kept(path):
        raise BadInput(
            found="a file of a release, which is read-only",
            needed="a file that may change",
            where=str(path),
            mend="What was released stays: plan the cycle again and release that.",
        )


@contextmanager
def written_aside(path: Path, content: bytes) -> Iterator[Path]:
    """Write content into the folder of ``path`` under a name of its own, on the disk whole; what is left of it goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        with aside.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        yield aside
    finally:
        aside.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames inside a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _full(place: Path | None) -> str:
    """How full the disk is that holds ``place``, as far as that can be told."""
    there = next((each for each in (place, *place.parents) if each.exists()), None) if place else None
    if there is None:
        return "a full disk"
    usage = shutil.disk_usage(there)
    return f"a full disk ({usage.free / 1e6:,.0f} MB free of {usage.total / 1e6:,.0f} MB)"
