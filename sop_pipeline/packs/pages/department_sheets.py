"""A page a department: its commitment sheet, what it commits to and what others commit to it, months across."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import listed, plural
from sop_pipeline.language.sentence import Sentence, say
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.commitments import items_of, monthly
from sop_pipeline.packs.parts import plan_blocks as blocks
from sop_pipeline.packs.parts.allotment import short_supply
from sop_pipeline.packs.parts.page import Page
from sop_pipeline.packs.parts.plan_grid import Block, PlanLine, counted, line, plan_grid, small_scale
from sop_pipeline.tables.outputs.columns import DEPARTMENTS
from sop_pipeline.tables.outputs.operations import COMMITMENTS

_MOST_ROWS = 40
_MOST_PARTS = 8
"""Items up to which a commitment has a line each; beyond, their total where they add up."""


def department_sheets(book: Book) -> list[Page]:
    """A page for every department that has lines."""
    sheets = book.frame("commitment_sheets")
    return [
        _page(book, department, sheets[sheets["sheet"] == department])
        for department in DEPARTMENTS
        if (sheets["sheet"] == department).any()
    ]


def _page(book: Book, department: str, rows: pd.DataFrame) -> Page:
    name = ENGLISH.say(f"department.{department}", {})
    title = f"{name[:1].upper()}{name[1:]}: commitment sheet"
    grid = [_block(book, commitment, rows) for commitment in COMMITMENTS if (rows["commitment"] == commitment).any()]
    shared = short_supply(book) if department == "sales" and len(book.frame("supply_allotment")) else None
    note = "the same numbers on every department’s sheet; by family, resource and material"
    return Page(
        f"sheet-{department.replace('_', '-')}",
        title,
        "what it commits to, and what others commit to it",
        sentences=[_shared(rows, department)],
        body=[
            *plan_grid(book, "Month by month", grid, note, "Nothing is committed.", _MOST_ROWS - (10 if shared else 0)),
            *([shared] if shared else []),
        ],
    )


def _shared(rows: pd.DataFrame, department: str) -> Sentence:
    own = rows[rows["department"] == department]
    others = sorted({ENGLISH.say(f"department.{name}", {}) for name in set(rows["department"]) - {department}})
    lines = rows.groupby(["department", "commitment", "item"]).ngroups
    mine = own.groupby(["commitment", "item"]).ngroups
    if not others:
        return say(f"{plural(lines, 'line')}, all its own to keep.")
    return say(f"{plural(lines, 'line')}, of which {mine} are its own to keep; the rest are those of {listed(others)}.")


def _block(book: Book, commitment: str, rows: pd.DataFrame) -> Block:
    own = rows[rows["commitment"] == commitment]
    items = items_of(own)
    money = own.iloc[0]["allots"] == "money"
    scale = blocks.money_scale([monthly(own[own["item"] == item], book.horizon) for item in items]) if money else None
    title = f"{blocks.words(commitment)}, {book.company.currency}" if money else blocks.words(commitment)
    if len(items) > _MOST_PARTS and own["unit"].nunique() == 1:
        return Block("", [line(book, counted(title, own) if not money else title, own, scale=scale)])
    lines = [_line(book, item, own[own["item"] == item], money, scale) for item in items]
    if set(own["item_kind"]) == {"company"}:
        return Block("", [replace(lines[0], name=title)])
    return Block(title, lines)


def _line(book: Book, item: str, rows: pd.DataFrame, money: bool, scale: object) -> PlanLine:
    kind = rows.iloc[0]["item_kind"]
    name = {"product": book.product, "resource": book.resource, "material": book.resource}.get(kind)
    told = name(item, 30) if name else item
    values = monthly(rows, book.horizon)
    chosen = scale if money else small_scale(values)
    return line(book, told if money else counted(told, rows), rows, scale=chosen)  # type: ignore[arg-type]
