"""Turns chart specifications into SVG, and hands out the JavaScript that draws them on a screen.

Everything is on this machine: vl-convert carries Vega itself, the fonts come with their Python package. SVG texts are
equal for equal specifications, whatever was drawn before.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from typing import Any

from sop_pipeline.packs.charts.theme import Chart
from sop_pipeline.packs.media import fonts


@functools.cache
def _converter() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(fonts.FOLDER))
    return vl_convert


def svg(chart: Chart, key: str) -> str:
    """Draw a chart as SVG for inlining; ``key`` keeps its ids apart from those of other charts on the page."""
    text = str(_converter().vegalite_to_svg(json.dumps(chart.spec)))
    text = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", text)
    text = re.sub(r'href="#([^"]+)"', rf'href="#{key}-\1"', text)
    text = re.sub(r' role="[^"]*"| aria-(?:roledescription|hidden|label)="[^"]*"| pointer-events="[^"]*"', "", text)
    text = re.sub(r'<(?:line|path)(?: [^>]*)? opacity="0"[^>]*/>|<path class="background"[^>]*/>', "", text)
    return re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\d+\.\d{2})\d+", r"\1", tag.group()), text)


def png(spec: Mapping[str, Any]) -> bytes:
    """Draw a chart's specification as a picture, for where SVG is not shown."""
    return bytes(_converter().vegalite_to_png(json.dumps(spec), scale=2))


@functools.cache
def javascript() -> str:
    """Vega, Vega-Lite and vega-embed as one script, safe inside a ``<script>`` element."""
    return str(_converter().javascript_bundle()).replace("</script", "<\\/script").replace("<!--", "<\\!--")
