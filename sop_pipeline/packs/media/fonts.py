"""Where Source Sans is, as paths for PDF and charts and as subsets for the HTML.

The font comes as a Python package, so every machine renders alike. Characters it lacks (Arabic, Chinese ...) fall back
to a font of the reader's in the HTML, and in the PDF to Noto Sans where the machine has it (``.ci/system-libraries``).
"""

from __future__ import annotations

import base64
import functools
import io
from pathlib import Path

import font_source_sans_pro

from sop_pipeline.made_once import once

FOLDER = Path(font_source_sans_pro.__file__).parent / "files"
WEIGHTS = {300: "Light", 400: "Regular", 600: "Semibold"}
_ALWAYS = "".join(chr(code) for code in range(0x20, 0x7F)) + "€£¥–—‘’“”…·×±≤≥→↑↓▲▼●"


def path(weight: int) -> Path:
    """The font file of a weight."""
    return FOLDER / f"SourceSansPro-{WEIGHTS[weight]}.ttf"


def embedded(text: str) -> dict[int, str]:
    """Each weight cut down to the characters of ``text``, as WOFF2 in base64."""
    characters = "".join(sorted(set(text) | set(_ALWAYS)))
    return {weight: _once(weight, characters).decode() for weight in WEIGHTS}


def _once(weight: int, characters: str) -> bytes:
    return once("font", [weight, characters], lambda: _subset(weight, characters))


@functools.lru_cache(maxsize=8)
def _subset(weight: int, characters: str) -> bytes:
    from fontTools import subset  # type: ignore[import-untyped]

    options = subset.Options()
    options.flavor, options.recalc_timestamp = "woff2", False
    options.layout_features = ["kern", "liga", "tnum", "lnum", "mark", "mkmk", "ccmp"]
    font = subset.load_font(str(path(weight)), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    return base64.b64encode(out.getvalue())
