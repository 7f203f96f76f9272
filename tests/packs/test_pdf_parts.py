"""What documents share is made once: an attachment is compressed once, an unchanged document is not rendered again."""

import zlib
from types import SimpleNamespace

import pydyf  # type: ignore[import-untyped]
import pypdf
import pytest

from sop_pipeline.made_once import keeping
from sop_pipeline.packs.media import pdf

CREATED = "2026-11-01T00:00:00Z"
PAPER = "<html lang='en'><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
PLAN = {"sales_plan.csv": b"product_id,month,quantity\n" + b"P1,2026-11,7\n" * 2000}


@pytest.fixture
def compressed(monkeypatch):
    """How many bytes each stream has that the PDF library compresses."""
    sizes = []

    class Noting:
        def __init__(self, **options):
            self._compressing = zlib.compressobj(**options)
            self.flush = self._compressing.flush

        def compress(self, data):
            sizes.append(len(data))
            return self._compressing.compress(data)

    monkeypatch.setattr(pydyf, "zlib", SimpleNamespace(compressobj=Noting))
    return sizes


def test_what_is_attached_to_many_documents_is_compressed_once(compressed, tmp_path):
    pdf._compressed.cache_clear()
    made, problem = pdf.pdfs({"a.pdf": PAPER.format("A"), "b.pdf": PAPER.format("B")}, PLAN, CREATED)
    assert not problem
    assert pdf._compressed.cache_info().misses == 1
    assert max(compressed) < len(PLAN["sales_plan.csv"])
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
        assert dict(pypdf.PdfReader(tmp_path / name).attachments) == {name: [data] for name, data in PLAN.items()}


def test_a_document_that_says_the_same_is_not_rendered_again(tmp_path, monkeypatch):
    asked: list[list[str]] = []
    monkeypatch.setattr(pdf, "Worker", lambda *_, **__: Here(asked))

    def render(**papers):
        with keeping(tmp_path), pdf.Rendering() as rendering:
            return rendering.render({f"{name}.pdf": text for name, text in papers.items()}, PLAN, CREATED).result()

    first = render(a="A", b="B")
    assert first == ({"a.pdf": b"A", "b.pdf": b"B"}, "")
    assert render(a="A", b="B") == first
    assert render(a="A", b="C") == ({"a.pdf": b"A", "b.pdf": b"C"}, "")
    assert asked == [["a.pdf", "b.pdf"], ["b.pdf"]]


class Here:
    """Stands for the process that renders: a document's PDF is its text."""

    def __init__(self, asked):
        self._asked = asked

    def ask(self, sources, _attachments, _created):
        self._asked.append(list(sources))
        return SimpleNamespace(result=lambda: ({name: text.encode() for name, text in sources.items()}, ""))

    def close(self):
        """End nothing."""
