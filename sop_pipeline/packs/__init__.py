"""What the meeting gets: the executive pack as HTML and PDF, the workbook, the deliverables as files.

Reads the cycle's tables and nothing else. ``documents`` lists which pages a document has, ``pages`` says what stands
on each, from shared ``parts`` and ``charts``; ``media`` puts a document into HTML, PDF, workbook and exports; ``build``
shows it all at once. Nothing here plans or changes a number.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sop_pipeline.packs.build import Packs

__all__ = ["build_packs"]


def build_packs(*args: Any, out: Path, **options: Any) -> Packs:
    """Build the packs of a cycle; see ``packs.build.build_packs`` (imported on use, because charts load slowly)."""
    from sop_pipeline.packs.build import build_packs as build

    return build(*args, out=out, **options)
