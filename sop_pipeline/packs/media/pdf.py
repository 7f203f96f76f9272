"""Makes the PDF: tagged, bookmarked, fonts embedded, deliverables attached, equal bytes for equal input.

WeasyPrint runs in a process of its own, because it takes as long as everything else together and a machine has more
than one core. It needs libraries of the system; where they are missing there is no PDF and a sentence that says what to
install.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import sys
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sop_pipeline.made_once import Place
from sop_pipeline.packs.media import fonts
from sop_pipeline.worker import Worker

LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class Rendering:
    """PDFs on their way in another process, which loads its libraries while the pages are still being filled."""

    def __enter__(self) -> Self:
        """Start the process."""
        self._worker = Worker(pdfs, prepare=unavailable)
        return self

    def __exit__(self, *_: object) -> None:
        """End it, also where something else failed."""
        self._worker.close()

    def render(self, sources: Mapping[str, str], attachments: Mapping[str, bytes], created: str) -> Asked:
        """Ask for those of ``pdfs`` that were not made of the same before, and return at once."""
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in attachments.items()}
        places = {name: Place.of("pdf", [source, digests, created]) for name, source in sources.items()}
        missing = {name: source for name, source in sources.items() if places[name].found is None}
        return Asked(places, self._worker.ask(missing, dict(attachments), created) if missing else None)


@dataclass(frozen=True)
class Asked:
    """PDFs by file name, there already or on their way."""

    places: Mapping[str, Place]
    made: Future[tuple[dict[str, bytes], str]] | None

    def result(self) -> tuple[dict[str, bytes], str]:
        """Wait for the PDFs in the order asked; none, and what to install, where a library is missing."""
        made, problem = self.made.result() if self.made else ({}, "")
        if problem:
            return {}, problem
        each = {name: place.found or place.keep(made[name]) for name, place in self.places.items()}
        return each, ""


def unavailable() -> str:
    """Why no PDF can be made here and what to install; empty when it can."""
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        missing = str(error).splitlines()[0]
        how = "brew install pango" if sys.platform == "darwin" else f"apt-get install {LIBRARIES}"
        return f"no PDF: WeasyPrint does not find its system libraries ({missing}). Install them with: {how}"
    return ""


def pdfs(sources: Mapping[str, str], attachments: Mapping[str, bytes], created: str) -> tuple[dict[str, bytes], str]:
    """Return PDFs by file name of paper HTML by file name, each with all attachments; or none and what to install."""
    problem = unavailable()
    if problem:
        return {}, problem
    return {name: pdf(source, attachments, created) for name, source in sources.items()}, ""


def pdf(source: str, attachments: Mapping[str, bytes], created: str) -> bytes:
    """Render paper HTML as a tagged PDF with files attached, in this process.

    ``created`` (ISO) is its date; its identifier is made from its content.
    """
    import weasyprint
    from weasyprint.urls import URLFetcher

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    moment = datetime.fromisoformat(created)
    with _epoch(int(moment.timestamp())):
        files = [_attachment(weasyprint, name, data, moment) for name, data in attachments.items()]
        # data and font files alone: a pack fetches nothing from a network
        page = weasyprint.HTML(
            string=source,
            base_url=f"{fonts.FOLDER.as_uri()}/",
            url_fetcher=URLFetcher(allowed_protocols=("data", "file")),
        )
        identifier = hashlib.sha256(source.encode()).digest()[:16]
        return bytes(
            page.write_pdf(
                pdf_variant="pdf/ua-1", pdf_identifier=identifier, attachments=files, finisher=_compress_attachments
            )
        )


def _compress_attachments(_document: Any, made: Any) -> None:
    """Compress what is attached once for all documents: the writer would do it twice for each."""
    for each in made.objects:
        if getattr(each, "extra", {}).get("Type") == "/EmbeddedFile":
            each.stream = [_compressed(b"".join(each.stream))]
            each.extra["Filter"] = "/FlateDecode"
            each.compress = False


@functools.cache
def _compressed(data: bytes) -> bytes:
    return zlib.compress(data)


def _attachment(weasyprint: Any, name: str, data: bytes, moment: datetime) -> Any:
    return weasyprint.Attachment(
        string=data, name=name, description=f"Plan data: {name}", created=moment, modified=moment, relationship="Data"
    )


@contextmanager
def _epoch(seconds: int) -> Iterator[None]:
    """Date everything that is made inside at one moment."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(seconds)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
