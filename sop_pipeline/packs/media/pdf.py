"""Makes the PDF: tagged, bookmarked, fonts embedded, deliverables attached, equal bytes for equal input.

WeasyPrint runs in a process of its own, because it takes as long as everything else together and a machine has more
than one core. It needs libraries of the system; where they are missing there is no PDF and a sentence that says what to
install.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self

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

    def render(
        self, sources: Mapping[str, str], attachments: Mapping[str, bytes], created: str
    ) -> Future[tuple[dict[str, bytes], str]]:
        """Ask for ``pdfs`` and return at once."""
        return self._worker.ask(dict(sources), dict(attachments), created)


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
        return bytes(page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier, attachments=files))


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
