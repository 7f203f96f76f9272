"""Parts of what steps and packs make, kept by what they are made of, so that none is made twice.

A step that has to be made anew is mostly made of the same: charts of families that did not move, suites on tables that
break no rule. ``once`` takes such a part from ``lake/kept/parts``, or makes it and keeps it there. Its key is one hash
over all that decides it, the versions of code and libraries among them; what is found is believed only while it has the
bytes that were kept. Outside ``keeping``, as in a run that is to be fresh, everything is made. Not here: whole steps
and packs (``steps.kept``).
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sop_pipeline.disk import telling
from sop_pipeline.versions import versions

_DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Tally:
    """How many parts of each kind were made, and how many were there already."""

    made: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Store:
    """A lake's parts, whether they are taken, and what came of it so far."""

    folder: Path
    fresh: bool
    tally: Tally


_store: ContextVar[_Store | None] = ContextVar("store", default=None)


@contextmanager
def keeping(lake: Path, *, fresh: bool = False) -> Iterator[Tally]:
    """Keep what is made inside in the lake at ``lake``, and take it from there unless all is to be ``fresh``."""
    store = _Store(parts_folder(lake), fresh, Tally())
    before = _store.set(store)
    try:
        yield store.tally
    finally:
        _store.reset(before)


def all_fresh() -> bool:
    """Whether what is made now is to be made anew, whatever is kept or remembered."""
    store = _store.get()
    return store is not None and store.fresh


def parts_folder(lake: Path) -> Path:
    """Where the parts of a lake are kept."""
    return lake / "kept" / "parts"


def once(kind: str, made_of: Any, make: Callable[[], bytes]) -> bytes:
    """Return what ``make`` returns of ``made_of``, or the same from an earlier time."""
    place = Place.of(kind, made_of)
    return place.keep(make()) if place.found is None else place.found


@dataclass(frozen=True)
class Place:
    """Where one part is kept, and what was found there; outside ``keeping`` nowhere, and nothing."""

    kind: str
    path: Path | None = None
    found: bytes | None = None
    tally: Tally = field(default_factory=Tally)

    @classmethod
    def of(cls, kind: str, made_of: Any) -> Place:
        """Look up a part: ``kind`` names what is made, ``made_of`` has all that decides it, in forms of JSON."""
        store = _store.get()
        if store is None:
            return cls(kind)
        path = _path(store.folder, kind, made_of)
        found = None if store.fresh else _intact(path)
        if found is not None:
            store.tally.found[kind] += 1
        return cls(kind, path, found, store.tally)

    def keep(self, made: bytes) -> bytes:
        """Keep what was made, and return it."""
        if self.path is not None:
            self.tally.made[self.kind] += 1
            _write(self.path, hashlib.sha256(made).digest() + made)
        return made


def _path(folder: Path, kind: str, made_of: Any) -> Path:
    whole = [kind, made_of, versions(), platform.machine()]
    key = hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
    return folder / kind / key[:2] / key


def _write(path: Path, content: bytes) -> None:
    """Write by a rename, without waiting for the disk: what a power cut leaves half is not believed."""
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    with telling(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(path)


def _intact(path: Path) -> bytes | None:
    """What is kept at a path, which counts as used from now; None when nothing is, or other bytes than were kept."""
    try:
        data = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return data[_DIGEST:] if hashlib.sha256(data[_DIGEST:]).digest() == data[:_DIGEST] else None
