"""Makes the PDF: tagged, bookmarked, fonts embedded, deliverables attached, equal bytes for equal input.

WeasyPrint needs libraries of the system; where they are missing there is no PDF and a sentence that says what to
install.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def unavailable() -> str:
    """Why no PDF can be made here and what to install; empty when it can."""
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        missing = str(error).splitlines()[0]
        how = "brew install pango" if sys.platform == "darwin" else f"apt-get install {LIBRARIES}"
        return f"no PDF: WeasyPrint does not find its system libraries ({missing}). Install them with: {how}"
    return ""


def pdf(source: str, attachments: Mapping[str, bytes], created: str) -> bytes:
    """Render paper HTML as a tagged PDF with files attached.

    ``created`` (ISO) is its date; its identifier is made from its content.
    """
    import weasyprint

    moment = datetime.fromisoformat(created)
    with _epoch(int(moment.timestamp())):
        files = [_attachment(weasyprint, name, data, moment) for name, data in attachments.items()]
        return bytes(
            weasyprint.HTML(string=source, url_fetcher=_only_inline()).write_pdf(
                pdf_variant="pdf/ua-1",
                pdf_identifier=hashlib.sha256(source.encode()).digest()[:16],
                attachments=files,
                custom_metadata=False,
                uncompressed_pdf=False,
            )
        )


def _attachment(weasyprint: Any, name: str, data: bytes, moment: datetime) -> Any:
    return weasyprint.Attachment(
        string=data, name=name, description=f"Plan data: {name}", created=moment, modified=moment, relationship="Data"
    )


def _only_inline() -> Any:
    """A fetcher for data and font files alone: a pack fetches nothing from a network."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data", "file"))


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
