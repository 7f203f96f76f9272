"""One writer a cycle: who plans it holds its lock, and a second one is told who that is.

The operating system holds the lock (``flock``) and lets it go when the process ends, however that ends, so no lock is
ever left behind to be judged by its age. The note beside it, with owner, process and start, is for people.
"""

from __future__ import annotations

import getpass
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import telling
from sop_pipeline.errors import BadInput
from sop_pipeline.pointers import write_json


@contextmanager
def only_writer(root: Path, cycle: Cycle) -> Iterator[None]:
    """Be the one who writes a cycle of the lake ``root``; BadInput names who does already.

    The same process may enter again, as a run does inside the command that started it; so may one that works
    ``under_another`` process's lock.
    """
    if (root, cycle) in _under_another:
        yield
        return
    folder = root / "writers"
    note = folder / f"{cycle}.json"
    with telling(folder):
        folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{cycle}.lock", timeout=0, is_singleton=True)
    first = not lock.is_locked
    with telling(folder):
        try:
            lock.acquire()
        except Timeout:
            raise _taken(cycle, note) from None
    try:
        if first:
            write_json(note, _owner())
        yield
    finally:
        if first:
            note.unlink(missing_ok=True)
        lock.release()


@contextmanager
def under_another(root: Path, cycle: Cycle) -> Iterator[None]:
    """Write a cycle in the name of the process that holds its lock, which lives as long as this one."""
    _under_another.add((root, cycle))
    try:
        yield
    finally:
        _under_another.discard((root, cycle))


_under_another: set[tuple[Path, Cycle]] = set()


def _owner() -> dict[str, str | int]:
    return {
        "user": _user(),
        "host": platform.node(),
        "pid": os.getpid(),
        "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _taken(cycle: Cycle, note: Path) -> BadInput:
    try:
        owner = json.loads(note.read_text(encoding="utf-8"))
        who = f"process {owner['pid']} of {owner['user']} on {owner['host']}, since {owner['since']},"
        end = f"or end it: kill {owner['pid']} on {owner['host']}"
    except (OSError, ValueError, KeyError):
        who, end = "another process", "or end it"
    return BadInput(
        found=f"{who} planning it",
        needed="one writer at a time",
        where=f"cycle {cycle} in {note.parent.parent}",
        mend=f"Wait until that has ended, {end}.",
    )
