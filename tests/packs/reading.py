"""Finds pages and parts of an edition by what stands on them. Not a test."""

from __future__ import annotations

from typing import Any

from sop_pipeline.packs.documents import EXECUTIVE_PACK
from sop_pipeline.packs.parts.document import Edition
from sop_pipeline.packs.parts.page import Decisions, Page, Tiles


def executive_pack(book) -> Edition:
    return EXECUTIVE_PACK.fill(book)


def page(edition: Edition, title: str) -> Page:
    (found,) = [each for each in edition.pages if each.title == title]
    return found


def part(on: Page, title: str, only: str | None = None) -> Any:
    """The part of a page with a title, of a medium alone where named; of what kind it is, the test knows."""
    (found,) = [
        each
        for each in on.parts
        if getattr(each, "title", "") == title and (only is None or getattr(each, "only", None) == only)
    ]
    return found


def tiles(on: Page) -> list:
    return [tile for each in on.parts if isinstance(each, Tiles) for tile in each.tiles]


def decisions(on: Page) -> Decisions:
    (found,) = [each for each in on.parts if isinstance(each, Decisions)]
    return found
