"""What a page is, free of any medium: sentences, and parts that stand below or beside each other.

Pages are made of these; templates read them. A part names the template that renders it
(``reports/templates/parts``), a page its layout (``reports/templates/layouts``). Not here: any number of a company.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from sop_pipeline.language.sentence import Sentence, Span, Tone
from sop_pipeline.packs.charts.theme import Chart
from sop_pipeline.packs.parts.table import Listing, Medium


@dataclass(frozen=True)
class Figure:
    """A chart with its heading; ``chart`` is None when there is nothing to draw, and ``empty`` says why."""

    template: ClassVar[str] = "figure"

    key: str
    title: str
    note: str
    chart: Chart | None
    empty: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Strip:
    """A range bar: places between 0 and 100 of P10, latest, P90 and the plan it is held against."""

    low: float | None
    high: float | None
    latest: float
    plan: float | None
    words: str


@dataclass(frozen=True)
class Tile:
    """One key figure: value, unit, comparisons, its sparkline, its range."""

    name: str
    value: str
    unit: str
    comparisons: Sequence[Span]
    sparkline: Figure | None = None
    strip: Strip | None = None


@dataclass(frozen=True)
class Tiles:
    """Key figures side by side."""

    template: ClassVar[str] = "tiles"

    tiles: Sequence[Tile]


@dataclass(frozen=True)
class Option:
    """One option of a decision."""

    letter: str
    text: str
    effect: str
    recommended: bool


@dataclass(frozen=True)
class Decision:
    """A decision put up to the meeting."""

    question: str
    context: str
    options: Sequence[Option]
    recommended: str
    why: str
    last_safe: str
    urgency: str
    owner: str


@dataclass(frozen=True)
class Decisions:
    """The decisions put up to the meeting; ``empty`` says why there is none."""

    template: ClassVar[str] = "decisions"

    note: str
    decisions: Sequence[Decision]
    empty: str


@dataclass(frozen=True)
class Pairs:
    """Names and values, one below the other."""

    template: ClassVar[str] = "pairs"

    title: str
    note: str
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Definition:
    """A word of the pack and what it means."""

    word: str
    meaning: str


@dataclass(frozen=True)
class Definitions:
    """A glossary in columns, and rules in full below it."""

    template: ClassVar[str] = "definitions"

    definitions: Sequence[Definition]
    rules: Sequence[str]


@dataclass(frozen=True)
class Hash:
    """A table of the cycle: its rows and content hash, empty where none was given."""

    table: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Hashes:
    """The tables behind every figure."""

    template: ClassVar[str] = "hashes"

    hashes: Sequence[Hash]


@dataclass(frozen=True)
class Choice:
    """A question with its answers, of which the reader picks one."""

    name: str
    answers: Sequence[str]


@dataclass(frozen=True)
class Panel:
    """What is shown when the answers are these, one of each choice."""

    values: tuple[str, ...]
    parts: Sequence[Listing]


@dataclass(frozen=True)
class Choices:
    """Panels of which the reader sees one at a time, on the screen alone; ``picked`` is the first."""

    template: ClassVar[str] = "choices"
    only: ClassVar[Medium] = "screen"

    choices: Sequence[Choice]
    panels: Sequence[Panel]
    picked: tuple[str, ...]


Part = Choices | Figure | Listing | Tiles | Decisions | Pairs | Definitions | Hashes


@dataclass(frozen=True)
class Beside:
    """Parts side by side: two or three of one width, or as wide as the name of ``widths`` says."""

    template: ClassVar[str] = "beside"

    parts: Sequence[Part]
    widths: Literal["two", "three", "wide-narrow", "bottom"] = "two"


@dataclass(frozen=True)
class Mark:
    """A judgement in a word or two with its reason."""

    words: str
    reason: str
    tone: Tone


@dataclass(frozen=True)
class Page:
    """One section of a document: a page of the PDF, a chapter of the HTML.

    Pages of a ``family`` stand together in the contents and can be filtered. The headline and the mark belong to the
    layout ``first``. ``tables`` are those that its figures are read from.
    """

    key: str
    title: str
    meta: str = ""
    sentences: Sequence[Sentence] = ()
    body: Sequence[Part | Beside] = ()
    chips: Sequence[Span] = ()
    family: str = ""
    in_pdf: bool = True
    layout: str = "standard"
    headline: Sentence = ()
    mark: Mark | None = None
    tables: Sequence[str] = ()

    @property
    def parts(self) -> Iterator[Part]:
        """Every part in order of reading."""
        for each in self.body:
            if isinstance(each, Beside):
                yield from each.parts
            else:
                yield each

    @property
    def figures(self) -> Iterator[Figure]:
        """Every chart, those of tiles too."""
        for part in self.parts:
            if isinstance(part, Figure):
                yield part
            elif isinstance(part, Tiles):
                yield from (tile.sparkline for tile in part.tiles if tile.sparkline is not None)
