"""Builds everything the meeting gets, aside, and shows it in one move.

Only the order of work and where files go live here; what a file says is made by its own module.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.documents import DOCUMENTS
from sop_pipeline.packs.media import exports, html, pdf, svg
from sop_pipeline.packs.media.workbook import workbook
from sop_pipeline.packs.parts.document import Document, Edition


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
    documents: Sequence[Document] = DOCUMENTS,
) -> Packs:
    """Build the documents, the workbook and the exports of a cycle into the folder ``out``.

    ``tables`` are the cycle's lake tables (absent ones count as empty), ``hashes`` their content hashes, ``checks`` how
    many blocking checks passed of how many. The folder appears, or is replaced, whole. A missing system library costs
    the PDFs alone and is a note. Equal input gives equal bytes.
    """
    book = Book(tables, company, cycle, status=status, hashes=hashes, checks=checks)
    contents, notes = _contents(book, documents)
    return Packs(_show(contents, Path(out)), notes)


def _contents(book: Book, documents: Sequence[Document]) -> tuple[dict[str, bytes], list[str]]:
    """Every file's bytes by its name inside the pack folder, documents first, and notes."""
    rendering = pdf.Rendering() if "pdf" in book.company.packs.formats else None
    try:
        return _made(book, documents, rendering)
    except BaseException:
        if rendering is not None:
            rendering.stop()
        raise


def _made(
    book: Book, documents: Sequence[Document], rendering: pdf.Rendering | None
) -> tuple[dict[str, bytes], list[str]]:
    formats = book.company.packs.formats
    plan_files = exports.deliverables(book.tables)
    files: dict[str, bytes] = {}
    notes: list[str] = []
    if "html" in formats or rendering is not None:
        editions = [(edition, html.drawings(edition.figures(in_pdf=True))) for edition in _filled(book, documents)]
    if rendering is not None:
        papers = {f"{edition.file_name}.pdf": html.paper(edition, drawn) for edition, drawn in editions}
        rendering.render(papers, plan_files, html.created(book.cycle.name))
    if "html" in formats:
        for edition, drawn in editions:
            files[f"{edition.file_name}.html"] = html.screen(edition, drawn, svg.javascript()).encode()
    sheets = {f"workbook-{book.cycle}.xlsx": workbook(book)} if "xlsx" in formats else {}
    if rendering is not None:
        pdfs, problem = rendering.result()
        files |= pdfs
        notes += [problem] if problem else []
    files |= sheets
    files |= {f"exports/{file}": data for file, data in plan_files.items()} if "csv" in formats else {}
    return files, notes


def _filled(book: Book, documents: Sequence[Document]) -> list[Edition]:
    """Fill the documents without Altair checking each call against its schema, which takes as long as all the rest.

    The tests build with the checks on.
    """
    from altair.utils import schemapi

    with schemapi.debug_mode(False):
        return [document.fill(book) for document in documents]


def _show(made: Mapping[str, bytes], out: Path) -> list[Path]:
    """Write aside, then swap folders; a folder lost by a kill between the two renames comes back first."""
    out.parent.mkdir(parents=True, exist_ok=True)
    before = out.with_name(f".{out.name}.before")
    if before.exists() and not out.exists():
        before.rename(out)
    for leftover in (before, *out.parent.glob(f".{out.name}.*.part")):
        shutil.rmtree(leftover, ignore_errors=True)
    aside = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}.part")
    for name, data in made.items():
        path = aside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if out.exists():
        out.rename(before)
    aside.rename(out)
    shutil.rmtree(before, ignore_errors=True)
    return [out / name for name in made]
