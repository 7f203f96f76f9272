"""Releases: what was approved of a cycle, under a name of its own (``r01``), never to change again.

A release is one manifest, ``lake/releases/2026-11/r01.json``: every input and output with its hash, the settings, the
versions, the decisions, who released it and why. Its seal is a hash over all of that. What it names is read-only, and
nothing that writes here replaces a read-only file. Not here: what goes into a manifest (``steps.release``). Loads no
library, so that listing releases costs next to nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import keep, sync_folder, telling, written_aside
from sop_pipeline.errors import BadInput

FORMAT = 1
_NAME = re.compile(r"^r(\d{2,})$")


class PlanName(NamedTuple):
    """A plan as people name it: a cycle's draft (``2026-11``), or a release of it (``2026-11@r01``)."""

    cycle: Cycle
    release: str | None = None

    @classmethod
    def parse(cls, text: str) -> PlanName:
        """Read a plan's name; BadInput shows both forms."""
        cycle, at, release = text.partition("@")
        if at and not _NAME.match(release):
            raise BadInput(
                found=repr(text),
                needed="a cycle, such as 2026-11, or a release of one, such as 2026-11@r01",
                where="name of a plan",
                mend="sop cycles lists them.",
            )
        return cls(Cycle.parse(cycle), release or None)

    def __str__(self) -> str:
        return f"{self.cycle}@{self.release}" if self.release else self.cycle.name


class Releases:
    """The releases in one lake."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def cycles(self) -> list[Cycle]:
        """Every cycle that has a release, oldest first."""
        return sorted(Cycle.parse(folder.name) for folder in (self.root / "releases").glob("*") if _listed(folder))

    def names(self, cycle: Cycle) -> list[str]:
        """The names of a cycle's releases, oldest first."""
        return _listed(self.root / "releases" / cycle.name)

    def newest(self, cycle: Cycle) -> str | None:
        """The newest release of a cycle; None without one."""
        return next(reversed(self.names(cycle)), None)

    def next(self, cycle: Cycle) -> str:
        """The name the next release of a cycle will have."""
        newest = self.newest(cycle)
        return f"r{(int(newest[1:]) if newest else 0) + 1:02d}"

    def path(self, cycle: Cycle, release: str) -> Path:
        """Where a release's manifest is, or will be."""
        return self.root / "releases" / cycle.name / f"{release}.json"

    def manifest(self, cycle: Cycle, release: str) -> dict[str, Any]:
        """Return a release's manifest; BadInput when there is none, or when it no longer says what was sealed."""
        path = self.path(cycle, release)
        if not path.exists():
            raise BadInput(
                found=f"no release {release} of cycle {cycle}",
                needed="one of " + (", ".join(self.names(cycle)) or "the releases you make"),
                where=str(path.parent),
                mend=f'Release the cycle: sop release {cycle} --by NAME --why "...".',
            )
        try:
            with telling(path):
                manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            sealed = manifest["seal"] == seal_of(manifest)
            version = int(manifest["format"])
        except (ValueError, AttributeError, KeyError, TypeError) as error:
            raise _broken(path, f"what is no manifest ({error!r})") from error
        if version > FORMAT:
            raise BadInput(
                found=f"a release in format {version}",
                needed=f"format {FORMAT} or older",
                where=str(path),
                mend="Use the version of sop that released it.",
            )
        if not sealed:
            raise _broken(path, "a manifest that was changed after it was sealed")
        return manifest

    def freeze(self, manifest: Mapping[str, Any]) -> Path:
        """Write a manifest under its name, once, and make all it names read-only; BadInput when the name is taken.

        The files come first, so that a kill leaves read-only files and no release, never a release that may change.
        """
        path = self.path(Cycle.parse(manifest["cycle"]), manifest["release"])
        for file in files_of(manifest):
            keep(self.root / file)
        sealed = {**manifest, "format": FORMAT}
        text = json.dumps({**sealed, "seal": seal_of(sealed)}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        with telling(path):
            write_once(path, text.encode())
        return path


def files_of(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Name every file of the lake that a release rests on: its tables and the copies of its source files."""
    yield from (entry["file"] for entry in manifest["tables"].values())
    yield from (entry["stored"] for entry in manifest["inputs"])


def seal_of(manifest: Mapping[str, Any]) -> str:
    """Return the hash over everything a manifest says."""
    said = {name: value for name, value in manifest.items() if name != "seal"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _listed(folder: Path) -> list[str]:
    names = [path.stem for path in folder.glob("r*.json") if _NAME.match(path.stem)]
    return sorted(names, key=lambda name: int(name[1:]))


def write_once(path: Path, content: bytes) -> None:
    """Write a file that is not there yet; a link, unlike a rename, never replaces one."""
    try:
        with written_aside(path, content) as aside:
            keep(aside)
            os.link(aside, path)
    except FileExistsError:
        raise BadInput(
            found=f"a release of that name: {path.stem}",
            needed="a release that stays as it was approved",
            where=str(path),
            mend="Release again: it gets the next name.",
        ) from None
    sync_folder(path.parent)


def _broken(path: Path, found: str) -> BadInput:
    return BadInput(
        found=found,
        needed="the manifest as it was sealed",
        where=str(path),
        mend="Take it back from a backup; until then later cycles cannot rest on it.",
    )
