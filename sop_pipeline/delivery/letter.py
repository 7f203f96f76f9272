"""A letter: page one of a pack in the body, as HTML and as plain text, and the pack attached.

Mail programs show tables and pictures, no SVG and no styles of a page, so the body has a template of its own and its
charts are pictures inside the message; nothing is fetched. Not here: who gets it, or sending it.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from sop_pipeline.delivery.log import Message
from sop_pipeline.errors import BadInput
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.media.letter import Picture, body, pictures
from sop_pipeline.packs.parts.document import Document, Edition

_TYPES = {".pdf": ("application", "pdf", {}), ".html": ("text", "html", {"charset": "utf-8"})}


class Letters:
    """The letters of one plan: each pack's body is made once, whoever gets it."""

    def __init__(self, book: Book, packs: Path, about: str) -> None:
        """``packs`` is the folder of the plan's files, ``about`` says which plan it is: draft with its run, release."""
        self._book, self._packs, self._about = book, packs, about
        self._made: dict[str, tuple[Edition, str, str, list[Picture]]] = {}

    def to(self, message: Message, document: Document, sender: str) -> EmailMessage:
        """The letter that a message carries; BadInput where the pack has no file to attach."""
        edition, html, text, charts = self._body(document)
        letter = EmailMessage()
        letter["Subject"] = f"{edition.company} · {document.title} {edition.cycle} · {self._about}"
        letter["From"], letter["To"] = sender, message.recipient
        letter["Message-ID"] = f"<{message.key}@{parseaddr(sender)[1].rpartition('@')[2]}>"
        letter.set_content(text)
        letter.add_alternative(html, subtype="html")
        page = letter.get_payload()[1]  # type: ignore[index]
        for chart in charts:
            page.add_related(chart.png, "image", "png", cid=f"<{chart.cid}>", filename=f"{chart.cid}.png")  # type: ignore[union-attr]
        path = self._attached(edition)
        kind, subtype, more = _TYPES[path.suffix]
        letter.add_attachment(path.read_bytes(), maintype=kind, subtype=subtype, params=more, filename=path.name)
        return letter

    def _body(self, document: Document) -> tuple[Edition, str, str, list[Picture]]:
        if document.name not in self._made:
            first = Document(document.name, document.title, document.subject, document.pages[:1])
            with self._book.looks.written():
                edition = first.fill(self._book)
                charts = pictures(edition.pages[0], edition.looks)
                self._made[document.name] = (edition, *body(edition, self._about, charts), charts)
        return self._made[document.name]

    def _attached(self, edition: Edition) -> Path:
        """The pack's PDF, else its HTML."""
        for ending in _TYPES:
            path = self._packs / f"{edition.file_name}{ending}"
            if path.is_file():
                return path
        raise BadInput(
            found=f"no {edition.file_name}.pdf or .html",
            needed="a pack to attach",
            where=str(self._packs),
            mend=f"Make it: sop pack {self._packs.name}; formats and documents are set under packs in sop.yaml.",
        )
