"""Page one of a pack as a mail program shows it: HTML of tables with its styles inside, and plain text.

Everything from a source is escaped by the template. Charts are pictures that the message carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.looks import STANDARD, Looks
from sop_pipeline.packs.media import svg
from sop_pipeline.packs.media.html import environment
from sop_pipeline.packs.parts.document import Edition
from sop_pipeline.packs.parts.page import Decisions, Figure, Page, Tiles
from sop_pipeline.packs.parts.table import Listing

_ROWS = 12


class Picture(NamedTuple):
    """A chart as a picture: the key of its figure, what the message calls it, its bytes."""

    key: str
    cid: str
    png: bytes


def pictures(page: Page, looks: Looks = STANDARD) -> list[Picture]:
    """The charts of a page that stand by themselves, without the small ones of key figures."""
    return [
        Picture(part.key, f"chart-{number}", svg.png(looks.chart(part.chart.spec)))
        for number, part in enumerate(page.parts, start=1)
        if isinstance(part, Figure) and part.chart is not None
    ]


def body(edition: Edition, about: str, charts: Sequence[Picture]) -> tuple[str, str]:
    """The first page of an edition as HTML and as text; ``about`` says which plan it is."""
    page, cids = edition.pages[0], {chart.key: chart.cid for chart in charts}
    told = environment(paper=True, looks=edition.looks).get_template("letter.html")
    html = told.render(edition=edition, page=page, about=about, cids=cids, rows=_ROWS)
    return html, "\n".join(_text(edition, page, about)) + "\n"


def _text(edition: Edition, page: Page, about: str) -> Iterator[str]:
    yield f"{edition.company} · {edition.document.title} · cycle {edition.cycle} · {about}"
    if page.headline:
        yield f"\n{plain_text(page.headline)}"
    if page.mark:
        yield f"{page.mark.words}: {page.mark.reason}"
    yield from (f"\n{plain_text(sentence)}" for sentence in page.sentences)
    for part in page.parts:
        if isinstance(part, Tiles):
            yield ""
            for tile in part.tiles:
                yield f"{tile.name}: {tile.value} {tile.unit} ({plain_text(tuple(tile.comparisons))})"
        elif isinstance(part, Decisions):
            yield from _decisions(part)
        elif isinstance(part, Listing):
            yield from ("", part.title, *(" | ".join(cell.text for cell in row.cells) for row in part.rows[:_ROWS]))
    yield "\nThe whole pack is attached."


def _decisions(part: Decisions) -> Iterator[str]:
    yield "\nDecisions wanted"
    if not part.decisions:
        yield part.empty
    for decision in part.decisions:
        yield f"- {decision.question} {decision.context}"
        yield from (f"    {option.letter} {option.text}: {option.effect}" for option in decision.options)
        recommended = f"Recommended: {decision.recommended or 'none'}. {decision.why}"
        yield f"    {recommended} By {decision.last_safe}, {decision.owner}."
