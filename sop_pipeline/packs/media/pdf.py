"""Makes the PDF: tagged, bookmarked, fonts embedded, deliverables attached, equal bytes for equal input.

WeasyPrint runs in a process of its own, because it takes as long as everything else together and a machine has more
than one core. It needs libraries of the system; where they are missing there is no PDF and a sentence that says what to
install.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sop_pipeline.process import collect_rarely

LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_NO_LIBRARIES = 3


class Rendering:
    """PDFs on their way in another process, which loads its libraries while the pages are still being filled."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sop_pipeline.packs.media.pdf"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
        )

    def render(self, sources: Mapping[str, str], attachments: Mapping[str, bytes], created: str) -> None:
        """Hand over what to render, paper HTML by file name, each with all attachments; see ``pdf``."""
        asked = json.dumps({"sources": dict(sources), "attachments": _text(attachments), "created": created}).encode()
        # closing the pipe tells the other process to begin; one that ended already says why in its result
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.write(asked)
            with suppress(BrokenPipeError):
                self._process.stdin.close()
            self._process.stdin = None

    def stop(self) -> None:
        """Give up, because something else failed."""
        self._process.kill()
        self._process.communicate()

    def result(self) -> tuple[dict[str, bytes], str]:
        """Wait; return the PDFs by file name, or none and what to install. RuntimeError when rendering failed."""
        out, errors = self._process.communicate()
        words = errors.decode(errors="replace").strip()
        if self._process.returncode == _NO_LIBRARIES:
            return {}, words.splitlines()[-1]
        if self._process.returncode:
            raise RuntimeError(f"the PDF could not be rendered (exit {self._process.returncode}): {words[-2000:]}")
        return _bytes(json.loads(out)), ""


def _text(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(data).decode() for name, data in files.items()}


def _bytes(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(data) for name, data in files.items()}


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parents[3])
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{known}" if known else root}


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
        page = weasyprint.HTML(string=source, url_fetcher=URLFetcher(allowed_protocols=("data", "file")))
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


def _main() -> int:
    problem = unavailable()
    if problem:
        sys.stderr.write(problem + "\n")
        return _NO_LIBRARIES
    asked = json.load(sys.stdin)
    attachments = _bytes(asked["attachments"])
    pdfs = {name: pdf(source, attachments, asked["created"]) for name, source in asked["sources"].items()}
    json.dump(_text(pdfs), sys.stdout)
    return 0


if __name__ == "__main__":
    collect_rarely()
    sys.exit(_main())
