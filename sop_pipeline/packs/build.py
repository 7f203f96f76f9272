"""Builds everything the meeting gets, aside, and shows it in one move.

Only the order of work and where files go live here; what a file says is made by its own module.
"""

from __future__ import annotations

import functools
import shutil
import uuid
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import is_kept, refuse_kept, telling
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.documents import asked_for
from sop_pipeline.packs.media import exports, html, pdf
from sop_pipeline.packs.parts.document import Document, Edition, filled
from sop_pipeline.packs.parts.page import Figure
from sop_pipeline.packs.workbook.file import workbook


@dataclass(frozen=True)
class Packs:
    """The files made, and notes on what could not be made and why."""

    files: list[Path]
    notes: list[str] = field(default_factory=list)


def build_packs(
    tables: Mapping[str, pa.Table],
    company: Company,
    cycle: Cycle,
    *,
    status: str = "draft",
    hashes: Mapping[str, str] | None = None,
    checks: tuple[int, int] | None = None,
    out: Path,
    documents: Sequence[Document] | None = None,
) -> Packs:
    """Build the documents, the workbook and the exports of a cycle into the folder ``out``.

    ``tables`` are the cycle's lake tables (absent ones count as empty), ``hashes`` their content hashes, ``checks`` how
    many blocking checks passed of how many. The folder appears, or is replaced, whole. A missing system library costs
    the PDFs alone and is a note. Equal input gives equal bytes.
    """
    made = make_files(Book(tables, company, cycle, status=status, hashes=hashes, checks=checks), documents)
    return Packs(show(made.files, Path(out)), made.notes)


class Made(NamedTuple):
    """Every file's bytes by its name inside the pack folder, documents first, and notes."""

    files: dict[str, bytes]
    notes: list[str]


def make_files(book: Book, documents: Sequence[Document] | None = None) -> Made:
    """Make everything the meeting gets in memory."""
    with book.looks.written():
        return _made(book, documents)


def _made(book: Book, documents: Sequence[Document] | None) -> Made:
    formats, plans, long = book.company.packs.formats, exports.deliverables(book.tables), exports.long_tables(book)
    attached = {name: data for name, data in plans.items() if name not in long}
    with pdf.Rendering() if "pdf" in formats else nullcontext() as rendering:
        wanted = asked_for(book.company) if documents is None else documents
        editions = _filled(book, wanted) if {"html", "pdf"} & set(formats) else []
        if rendering:
            papers = {f"{edition.file_name}.pdf": html.paper(edition, svgs) for edition, svgs in editions}
            rendered = rendering.render(papers, attached, html.created(book.cycle.name))
        screens = {}
        if "html" in formats:
            screens = {f"{edition.file_name}.html": html.screen(edition, svgs) for edition, svgs in editions}
        sheets = {f"workbook-{book.cycle}.xlsx": workbook(book)} if "xlsx" in formats else {}
        pdfs, problem = rendered.result() if rendering else ({}, "")
    return Made({**screens, **pdfs, **sheets, **_exports(book, {**plans, **long})}, [problem] if problem else [])


def _exports(book: Book, plans: Mapping[str, bytes]) -> dict[str, bytes]:
    """The deliverables in the formats asked for, and what their columns are."""
    formats = book.company.packs.formats
    files = {**(plans if "csv" in formats else {}), **(exports.typed(book.tables) if "parquet" in formats else {})}
    described = {"schema.json": exports.schema(book.tables)} if files else {}
    return {f"exports/{name}": data for name, data in {**files, **described}.items()}


def _filled(book: Book, documents: Sequence[Document]) -> list[tuple[Edition, dict[str, str]]]:
    """Fill the documents and draw their charts, as SVG by key; a page of two documents is filled and drawn once.

    Altair would check each call against its schema, which takes as long as all the rest; the tests build with the
    checks on.
    """
    from altair.utils import schemapi

    with schemapi.debug_mode(False):
        fill = functools.cache(lambda page: filled(page, book))
        editions = [document.fill(book, fill) for document in documents]
        once = {id(figure): figure for edition in editions for figure in _charts(edition)}
        drawn = {place: html.drawing(figure, book.looks) for place, figure in once.items()}
    return [(edition, {figure.key: drawn[id(figure)] for figure in _charts(edition)}) for edition in editions]


def _charts(edition: Edition) -> list[Figure]:
    return [figure for figure in edition.figures(in_pdf=True) if figure.chart is not None]


def show(files: Mapping[str, bytes], out: Path) -> list[Path]:
    """Write aside, then swap folders; a folder lost by a kill between the two renames comes back first.

    A file of a release keeps its bytes: the same again are no change, others are refused.
    """
    for path in sorted(out.rglob("*")):
        if is_kept(path) and files.get(str(path.relative_to(out))) != path.read_bytes():
            refuse_kept(path)
    with telling(out):
        return _swap(files, out)


def _swap(files: Mapping[str, bytes], out: Path) -> list[Path]:
    out.parent.mkdir(parents=True, exist_ok=True)
    before = out.with_name(f".{out.name}.before")
    if before.exists() and not out.exists():
        before.rename(out)
    for leftover in (before, *out.parent.glob(f".{out.name}.*.part")):
        shutil.rmtree(leftover, ignore_errors=True)
    aside = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}.part")
    for name, data in files.items():
        path = aside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if out.exists():
        out.rename(before)
    aside.rename(out)
    shutil.rmtree(before, ignore_errors=True)
    return [out / name for name in files]
