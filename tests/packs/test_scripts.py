"""Names in scripts that Source Sans has no signs for stand in the PDF, each in an embedded font of its own."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest

from sop_pipeline.packs.looks import TEMPLATES
from sop_pipeline.packs.media import pdf

NAMES = {"CJK": "家庭护理", "Arabic": "العناية", "Hebrew": "טיפוח", "Thai": "ดูแลผิว"}
INSTALLER = Path(__file__).resolve().parents[2] / ".ci" / "system-libraries"


def _installed() -> bool:
    return all(any(Path("/usr/share/fonts").rglob(f"NotoSans{script}*")) for script in NAMES)


@pytest.mark.skipif(not _installed(), reason="no Noto Sans (Debian: fonts-noto-core fonts-noto-cjk)")
@pytest.mark.parametrize("script", NAMES)
def test_a_name_is_written_in_an_embedded_font_of_its_script(script):
    style = (TEMPLATES / "style" / "common.css").read_text(encoding="utf-8")
    source = (
        f'<html lang="en"><head><title>t</title><style>{style}</style></head><body><p>{NAMES[script]}</p></body></html>'
    )
    page: Any = pypdf.PdfReader(io.BytesIO(pdf.pdf(source, {}, "2026-11-01T00:00:00Z"))).pages[0]
    fonts: list[Any] = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert [f"Noto-Sans-{script}" in str(font["/BaseFont"]) for font in fonts] == [True]
    inner = fonts[0]["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    assert {"/FontFile2", "/FontFile3"} & set(inner)


def test_the_installer_is_a_script_that_reads():
    subprocess.run(["bash", "-n", str(INSTALLER)], check=True, capture_output=True)
