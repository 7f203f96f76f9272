"""What is shown of a table beside its rows: words, or a few rows picked and put into words.

Plain values, which the web UI, a terminal or a test can show. Not here: what is picked (the rooms' own modules).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ShownTable:
    """A small table in words: headings and rows of cells."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Shown = Mapping[str, str | ShownTable]
"""By name: Markdown, or a small table."""
