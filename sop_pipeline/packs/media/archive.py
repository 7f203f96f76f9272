"""The archive page as one file that fetches nothing: a table of plans with a search. Not here: what there is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote

from sop_pipeline.packs.media.html import environment


class Held(NamedTuple):
    """One plan of the archive: cycle, status, run or release, what is told of it, files with their paths."""

    cycle: str
    status: str
    name: str
    told: str
    files: Sequence[tuple[str, str]]

    @property
    def links(self) -> list[tuple[str, str, str]]:
        """The files as links: what it is, its ending, its address."""
        return [(title, PurePosixPath(path).suffix[1:].upper(), quote(path)) for title, path in self.files]


def archive_page(company: str, held: Sequence[Held]) -> bytes:
    """The page; equal plans give equal bytes."""
    return environment(paper=False).get_template("archive.html").render(company=company, held=held).encode()
