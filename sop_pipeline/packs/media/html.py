"""Renders a document's templates: for the screen as one file that fetches nothing, for paper as the source of the PDF.

Everything from a source is escaped by the templates; what is inlined unescaped (SVG, scripts, styles) is made here.
"""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import number
from sop_pipeline.made_once import once
from sop_pipeline.packs.looks import STANDARD, Looks
from sop_pipeline.packs.media import fonts, svg
from sop_pipeline.packs.parts.document import Edition
from sop_pipeline.packs.parts.page import Figure

_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "&<>\u2028\u2029"}


def environment(paper: bool, looks: Looks = STANDARD) -> jinja2.Environment:
    """The templates, the company's own first, which escape all they are given; ``paper`` says for which medium.

    The standard's are compiled once in a process; a company's folder may have another one tomorrow.
    """
    return (_environment if looks.templates else _standard)(paper, tuple(looks.folders))


def _environment(paper: bool, folders: tuple[Path, ...]) -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["paper"] = paper
    templates.filters["as_image"], templates.filters["number"] = _as_image, number
    templates.filters["fit"] = shortened if paper else lambda words, longest: words
    return templates


_standard = functools.cache(_environment)


def _as_image(picture: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"


def drawing(figure: Figure, looks: Looks = STANDARD) -> str:
    """A figure's chart as SVG; empty where it has none."""
    if figure.chart is None:
        return ""
    chart, key = replace(figure.chart, spec=looks.chart(figure.chart.spec)), figure.key
    return once("chart", [key, chart.spec], lambda: svg.svg(chart, key).encode()).decode()


def screen(edition: Edition, svgs: Mapping[str, str]) -> bytes:
    """A document as one HTML file: charts stand as SVG at once and answer to the pointer when their script has run."""
    looks = edition.looks
    specs = {figure.key: looks.chart(figure.chart.spec) for figure in edition.figures() if figure.chart is not None}
    template = environment(paper=False, looks=looks).get_template("document.html")
    values = {"edition": edition, "svgs": svgs, "specs": Markup(_inside_script(specs))}
    # the fonts need only the characters that are there, so the words are rendered once before they are dressed
    words = template.render({**values, "styles": "", "vega": "", "behaviour": ""})
    faces = _faces({weight: f"data:font/woff2;base64,{data}" for weight, data in fonts.embedded(words).items()})
    return template.render(
        {
            **values,
            "styles": Markup(faces + looks.style("common.css") + looks.style("screen.css")),
            "vega": Markup(svg.javascript()),
            "behaviour": Markup(looks.style("behaviour.js")),
        }
    ).encode()


def paper(edition: Edition, svgs: Mapping[str, str]) -> str:
    """A document as the HTML that becomes the PDF; fonts are named by file, relative to where the fonts are."""
    faces = _faces({weight: fonts.path(weight).name for weight in fonts.WEIGHTS})
    return (
        environment(paper=True, looks=edition.looks)
        .get_template("document.html")
        .render(
            edition=edition,
            svgs=svgs,
            created=created(edition.cycle),
            styles=Markup(faces + edition.looks.style("common.css") + edition.looks.style("paper.css")),
        )
    )


def created(cycle: str) -> str:
    """The moment a pack is dated with: midnight of its cycle's first day, so that equal input gives equal bytes."""
    first = date.fromisoformat(f"{cycle}-01")
    return f"{first.isoformat()}T00:00:00Z"


def _faces(sources: Mapping[int, str]) -> str:
    return "".join(
        f'@font-face{{font-family:"Source Sans Pro";font-weight:{weight};src:url("{source}")}}\n'
        for weight, source in sources.items()
    )


def _inside_script(data: Any) -> str:
    """JSON that cannot end its script element, whatever a name contains."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.translate(_ESCAPES)
